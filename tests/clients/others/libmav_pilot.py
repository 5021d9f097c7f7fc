"""libmav 0.1.1: `python libmav_pilot.py 5760 common.xml`, the aircraft on TCP of this machine."""

import sys
import time

import libmav

messages = libmav.MessageSet(sys.argv[2])
heartbeat = messages.create("HEARTBEAT")
heartbeat.set_from_dict({"type": 6, "autopilot": 8, "base_mode": 0, "custom_mode": 0,
                         "system_status": 4, "mavlink_version": 3})
interface = libmav.TCPClient("127.0.0.1", int(sys.argv[1]))
network = libmav.NetworkRuntime(libmav.Identifier(245, 190), messages, heartbeat, interface)
aircraft = network.await_connection(5000)


def command(number, *parameters, wait="COMMAND_ACK"):
    message = messages.create("COMMAND_LONG")
    values = [*parameters, *[0.0] * (7 - len(parameters))]
    message.set_from_dict({"target_system": 1, "target_component": 1, "command": number,
                           "confirmation": 0,
                           **{f"param{i}": float(v) for i, v in enumerate(values, start=1)}})
    expected = aircraft.expect(wait)
    aircraft.send(message)
    return aircraft.receive(expected, 3000).to_dict()


assert command(512, 148, wait="AUTOPILOT_VERSION")["flight_sw_version"] > 0
# Whom it met is the autopilot, whatever else speaks on this link.
beats = {(b["type"], b["autopilot"]) for b in (aircraft.receive("HEARTBEAT", 3000).to_dict()
                                               for _ in range(3))}
assert beats == {(1, 12)}, beats
assert command(54321)["result"] == 3
deadline = time.monotonic() + 20.0
while command(400, 1)["result"] != 0:
    assert time.monotonic() < deadline, "never armed"
    time.sleep(0.5)
assert command(246, 1)["result"] == 1, "rebooted while armed"
assert command(400, 0)["result"] == 0
print("done")
