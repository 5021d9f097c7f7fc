"""A client's side of the mission protocol, and a simulation that notes the orders it is given."""

import math

from longwatch.errors import SetupError
from longwatch.mavlink.dialect import mavlink
from services.harness import STATION

INT, FLOAT = "int", "float"
ASKED = ("MISSION_REQUEST_INT", "MISSION_REQUEST")


def item(command, latitude=0.0, longitude=0.0, z=0.0, *, frame=3, p1=0.0, p2=0.0, p3=0.0, p4=0.0):
    """An item as a dictionary, place in degrees (None: left open)."""
    return {"command": command, "latitude": latitude, "longitude": longitude, "z": z,
            "frame": frame, "p1": p1, "p2": p2, "p3": p3, "p4": p4}


def message(entry, number, kind=0, *, old=False, target=(1, 1)):
    """An item as MISSION_ITEM_INT, or as the older MISSION_ITEM."""
    head = (*target, number, entry["frame"], entry["command"], int(number == 0), 1, entry["p1"],
            entry["p2"], entry["p3"], entry["p4"])
    place = entry["latitude"], entry["longitude"]
    if old:
        return mavlink.MAVLink_mission_item_message(
            *head, *(math.nan if v is None else v for v in place), entry["z"], kind)
    return mavlink.MAVLink_mission_item_int_message(
        *head, *(0x7FFFFFFF if v is None else round(v * 1e7) for v in place), entry["z"], kind)


class Noted:
    """A simulation whose orders are noted instead of given; ``refusal`` refuses them."""

    def __init__(self, simulation):
        self._simulation, self.orders, self.refusal = simulation, [], ""

    def __getattr__(self, name):
        return getattr(self._simulation, name)

    def order(self, name, sender="", **arguments):
        if self.refusal:
            raise SetupError(self.refusal)
        self.orders.append((name, sender, arguments))


class Client:
    """Uploads and downloads over a bench, one packet at a time."""

    def __init__(self, bench, sender=STATION):
        self.bench, self.sender = bench, sender

    def count(self, count, kind=0):
        self.bench.receive(mavlink.MAVLink_mission_count_message(1, 1, count, kind), self.sender)

    def send(self, entry, number, kind=0, **options):
        self.bench.receive(message(entry, number, kind, **options), self.sender)

    def upload(self, entries, kind=0, **options):
        """Upload what is asked for; returns the result of the MISSION_ACK."""
        self.bench.clear()
        self.count(len(entries), kind)
        for _ in range(len(entries) + 2):
            asked = self.bench.of(*ASKED, link=self.sender.link)
            acks = self.bench.of("MISSION_ACK", link=self.sender.link)
            if acks or not asked:
                break
            self.bench.sent.remove(next(s for s in self.bench.sent
                                        if s.message.get_type() in ASKED))
            self.send(entries[asked[0].seq], asked[0].seq, kind, **options)
        return self.ack()

    def ack(self):
        """Result of the last MISSION_ACK that came, None without one."""
        acks = self.bench.of("MISSION_ACK", link=self.sender.link)
        return acks[-1].type if acks else None

    def download(self, kind=0, old=False):
        """The items that the vehicle gives."""
        bench = self.bench
        bench.clear()
        bench.receive(mavlink.MAVLink_mission_request_list_message(1, 1, kind), self.sender)
        count = bench.last("MISSION_COUNT").count
        request = (mavlink.MAVLink_mission_request_message if old
                   else mavlink.MAVLink_mission_request_int_message)
        items = []
        for number in range(count):
            bench.receive(request(1, 1, number, kind), self.sender)
            items.append(bench.last("MISSION_ITEM" if old else "MISSION_ITEM_INT"))
        bench.receive(mavlink.MAVLink_mission_ack_message(1, 1, 0, kind), self.sender)
        return items

    def clear(self, kind=0):
        self.bench.receive(mavlink.MAVLink_mission_clear_all_message(1, 1, kind), self.sender)
        return self.ack()
