import hashlib

import pytest
from pymavlink import mavutil
from pymavlink.dialects.v20 import ardupilotmega, common

from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import Parser, encode
from longwatch.mavlink.loopback import Station
from longwatch.mavlink.recorder import SECRETS, Recorder, public
from longwatch.mavlink.router import Router
from longwatch.records.tlog import Tlog

EPOCH = 1_750_000_000_000_000


def heartbeat(kind=6):
    return mavlink.MAVLink_heartbeat_message(kind, 8, 0, 0, 4, 3)


def signer(dialect=common):
    end = dialect.MAVLink(None, 255, 190)
    end.signing.secret_key = hashlib.sha256(b"a secret").digest()
    end.signing.sign_outgoing = True
    return end


def read(path):
    """What pymavlink's own log reader finds: (seconds, message)."""
    log = mavutil.mavlink_connection(str(path), notimestamps=False)
    found = []
    while (message := log.recv_msg()) is not None:
        found.append((message._timestamp, message))
    return found


def test_a_signature_goes_and_the_frame_stays_valid():
    signed = common.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3).pack(signer())
    kept = public(signed)
    assert len(kept) == len(signed) - 13
    frame, = Parser().feed(kept)
    assert not frame.signed and frame.message.type == 6
    # Also of a type that our dialect lacks, read again by one that has it.
    signed = ardupilotmega.MAVLink_ahrs_message(1, 2, 3, 4, 5, 6, 7).pack(signer(ardupilotmega))
    message, = ardupilotmega.MAVLink(None).parse_buffer(bytearray(public(signed)))
    assert (message.get_type(), message.error_yaw) == ("AHRS", 7)
    assert public(signed[:-14] + b"??" + signed[-13:]) is None  # no CRC_EXTRA makes it valid


@pytest.mark.parametrize("name", ["setup_signing", "auth_key", "change_operator_control",
                                  "wifi_config_ap"])
def test_what_holds_a_key_or_a_password_is_not_kept(name):
    kind = getattr(mavlink, f"MAVLink_{name}_message")
    lengths = dict(zip(kind.ordered_fieldnames, kind.lengths))
    values = [b"secret" if form == "char" else [9] * lengths[field] if lengths[field] > 1 else 0
              for field, form in zip(kind.fieldnames, kind.fieldtypes)]
    raw = encode(kind(*values), 255, 190)
    assert kind.id in SECRETS
    assert public(raw) is None
    assert public(kind(*values).pack(signer(mavlink))) is None
    kept = []
    Recorder(lambda packet, time: kept.append(packet), lambda: 0)(raw, True)
    assert kept == []


def test_mavlink_1_frames_are_kept_and_their_secrets_are_not():
    end = common.MAVLink(None, 255, 190)
    raw = common.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3).pack(end, force_mavlink1=True)
    assert public(raw) == raw
    assert public(common.MAVLink_auth_key_message(b"key").pack(end, force_mavlink1=True)) is None


def test_both_directions_once_and_read_again_by_pymavlink(tmp_path):
    clock = {"now": EPOCH}
    log = Tlog(tmp_path / "run" / "flight.tlog")
    router = Router()
    router.add(1, 1, lambda frame, link: None)
    router.tap = Recorder(log.write, lambda: clock["now"])
    first, second = Station(router, 255), Station(router, 254)
    first.send(heartbeat())
    for _ in range(300):
        clock["now"] += 20_000
        boot = (clock["now"] - EPOCH) // 1000
        attitude = mavlink.MAVLink_attitude_message(boot, 0.5, 0, 0, 0, 0, 0)
        router.send(attitude, 1, 1, link=first.link)  # each link's own stream, the same instant
        router.send(attitude, 1, 1, link=second.link)
    second.send(mavlink.MAVLink_setup_signing_message(1, 1, [7] * 32, 5))
    log.close()
    found = read(log.path)
    assert [message.get_type() for _, message in found] == ["HEARTBEAT"] + ["ATTITUDE"] * 300
    assert [seconds for seconds, _ in found] == pytest.approx(
        [(EPOCH + 20_000 * step) / 1e6 for step in range(301)], abs=1e-5)
    assert [message.get_seq() for _, message in found[1:]] == [n % 256 for n in range(300)]
    assert found[-1][1].roll == 0.5 and log.packets == 301
    assert b"\7" * 32 not in log.path.read_bytes()
