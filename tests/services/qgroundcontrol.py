"""QGroundControl's first contact as a script: each request in its order, as patient as it is.

Read off its public sources (InitialConnectStateMachine, ParameterManager, PlanManager, FTPManager,
StandardModes): commands three times 3 s, a requested message 1 s after its acknowledgement, a
parameter list 5 s and gaps of 3 s re-read by index ten at a time, five times each; plans 1.5 s,
items 0.25 s, five retries; files 1 s, three retries.
"""

import json
import lzma
from dataclasses import dataclass, field

from longwatch.mavlink.dialect import mavlink
from services.station import GaveUp

PLANS = {"mission": (mavlink.MAV_MISSION_TYPE_MISSION, mavlink.MAV_PROTOCOL_CAPABILITY_MISSION_INT),
         "fence": (mavlink.MAV_MISSION_TYPE_FENCE, mavlink.MAV_PROTOCOL_CAPABILITY_MISSION_FENCE),
         "rally": (mavlink.MAV_MISSION_TYPE_RALLY, mavlink.MAV_PROTOCOL_CAPABILITY_MISSION_RALLY)}
# What it assumes of a PX4 whose version it could not get.
ASSUMED = (mavlink.MAV_PROTOCOL_CAPABILITY_MAVLINK2 | mavlink.MAV_PROTOCOL_CAPABILITY_MISSION_INT
           | mavlink.MAV_PROTOCOL_CAPABILITY_COMMAND_INT
           | mavlink.MAV_PROTOCOL_CAPABILITY_MISSION_FENCE
           | mavlink.MAV_PROTOCOL_CAPABILITY_MISSION_RALLY)


@dataclass
class Contact:
    """What it has learnt; ``failed`` names the steps that ran out of retries, and it went on."""

    capabilities: int = ASSUMED
    modes: dict = field(default_factory=dict)
    metadata: dict = field(default_factory=dict)
    hash_check: object = None
    parameters: dict = field(default_factory=dict)
    plans: dict = field(default_factory=dict)
    failed: list = field(default_factory=list)
    seconds: float = 0.0


def first_contact(station):
    """Everything from the first heartbeat to the rally points."""
    contact = Contact()
    heartbeat = station.wait(10.0, "HEARTBEAT",
                             where=lambda m: m.get_srcComponent() == 1)
    assert heartbeat is not None, "no heartbeat of component 1"
    began = station.now
    for name, step in (("version", _version), ("modes", _modes), ("metadata", _metadata),
                       ("parameters", _parameters), ("plans", _plans)):
        try:
            step(station, contact)
        except GaveUp as silence:
            contact.failed.append(f"{name}: {silence}")
    contact.seconds = station.now - began
    return contact


def _version(station, contact):
    message, _ = station.request(148)
    if message is None:
        raise GaveUp("AUTOPILOT_VERSION")
    contact.capabilities = message.capabilities


def _modes(station, contact):
    """One after the other by index; the first says how many there are."""
    index = count = 1
    while index <= count:
        message, result = station.request(435, index)
        if result == mavlink.MAV_RESULT_UNSUPPORTED:
            return
        if message is None:
            raise GaveUp(f"AVAILABLE_MODES {index}")
        contact.modes[message.mode_index] = message
        count, index = message.number_modes, index + 1


def _metadata(station, contact):
    """COMPONENT_METADATA, the general file, and the files that it names."""
    message, result = station.request(397)
    if result != mavlink.MAV_RESULT_ACCEPTED:
        station.request(395)
        return
    if message is None:
        raise GaveUp("COMPONENT_METADATA")
    general = json.loads(_download(station, message.uri))
    contact.metadata["general"] = general
    for entry in general["metadataTypes"]:
        contact.metadata[entry["type"]] = json.loads(_download(station, entry["uri"]))


def _download(station, uri):
    path = uri.removeprefix("mftp://").removeprefix("[;comp=1]")
    data = station.file(path)
    return lzma.decompress(data) if path.endswith(".xz") else data


def _parameters(station, contact):
    contact.hash_check = station.parameter("_HASH_CHECK")
    contact.parameters = {v.param_id: v for v in station.parameters().values()}


def _plans(station, contact):
    for name, (kind, bit) in PLANS.items():
        if contact.capabilities & bit:
            contact.plans[name] = station.plan(kind)
