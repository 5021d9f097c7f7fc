"""The radio aboard, a component of its own: how each link does.

As telemetry radios do it tells RADIO_STATUS and has no heartbeat: one from a second component of
the same system is taken by many clients for the vehicle's own. It carries out no command, and
says so to whoever addresses it.

Signal strengths are told as unknown (255): what reaches over the horizon is not modelled yet.
RADIO_STATUS goes to each link about that link alone, once a second of simulated time.
"""

from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.craft import Command, Craft, Reply, Sender

COMPONENT = mavlink.MAV_COMP_ID_TELEMETRY_RADIO
STATUS_PERIOD = 1.0
UNKNOWN = 255
MOST = 65535


class Radio(Service):
    """Speaks for component 68."""

    provides = (mavlink.MAVLINK_MSG_ID_RADIO_STATUS,)

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        self._due: dict[int, float] = {}

    def poll(self, wall: float) -> None:
        """Status by simulated time."""
        now = self.craft.time
        for link in self.craft.links():
            if now >= self._due.get(link, 0.0):
                self._due[link] = now + STATUS_PERIOD
                self._tell(link)

    def addressed(self, message: Any, sender: Sender) -> None:
        """A message for the radio itself, not for all components: a command is acknowledged."""
        if message.get_type() in ("COMMAND_LONG", "COMMAND_INT"):
            self.craft.send(mavlink.MAVLink_command_ack_message(
                message.command, mavlink.MAV_RESULT_UNSUPPORTED, 0, 0, sender.system,
                sender.component), sender, component=COMPONENT)

    def request(self, command: Command, sender: Sender) -> Reply:
        """RADIO_STATUS on request: of the link that asks."""
        if self._tell(sender.link):
            return Reply(mavlink.MAV_RESULT_ACCEPTED)
        return Reply(mavlink.MAV_RESULT_DENIED, "nothing is known of this link")

    def forget(self, link: int) -> None:
        """A link is gone."""
        self._due.pop(link, None)

    def rewound(self, kept: Any) -> None:
        """Every link's status is due: simulated time has gone back."""
        self._due.clear()

    def _tell(self, link: int) -> bool:
        report = self.craft.report(link)
        if report is None:
            return False
        message: Any = mavlink.MAVLink_radio_status_message(
            UNKNOWN, UNKNOWN, round(100 * report.room), UNKNOWN, UNKNOWN, min(report.lost, MOST), 0)
        self.craft.send(message, link, component=COMPONENT)
        return True
