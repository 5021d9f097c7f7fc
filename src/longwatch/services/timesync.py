"""TIMESYNC and PING: a client measures its offset to the simulated clock, and the way there.

TIMESYNC carries nanoseconds of simulated time since the start: at speed 20 a client's own clock
falls behind by 19 s a second, which it sees as a drift of the offset.
"""

from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.craft import Sender


class TimeSync(Service):
    """Answers TIMESYNC and PING; asks neither."""

    messages = ("TIMESYNC", "PING")

    def handle(self, message: Any, sender: Sender) -> None:
        """Answer a request; what is an answer itself (to another's request) is left alone."""
        if message.get_type() == "TIMESYNC":
            if message.tc1 == 0:
                now = int(self.craft.state.clock.tick) * 10_000_000
                # A zero would be a request again.
                self.craft.send(mavlink.MAVLink_timesync_message(max(now, 1), message.ts1),
                                sender)
        elif message.target_system == 0 and message.target_component == 0:
            self.craft.send(mavlink.MAVLink_ping_message(
                message.time_usec, message.seq, sender.system, sender.component), sender)
