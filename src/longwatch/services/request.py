"""REQUEST_MESSAGE: any message that the aircraft can make, once; and its two older forms."""

from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.craft import Command, Reply, Sender

# Older commands for one message each, deprecated but still sent by clients.
_OLDER = {
    mavlink.MAV_CMD_REQUEST_PROTOCOL_VERSION: mavlink.MAVLINK_MSG_ID_PROTOCOL_VERSION,
    mavlink.MAV_CMD_REQUEST_AUTOPILOT_CAPABILITIES: mavlink.MAVLINK_MSG_ID_AUTOPILOT_VERSION,
    mavlink.MAV_CMD_GET_HOME_POSITION: mavlink.MAVLINK_MSG_ID_HOME_POSITION,
}
_TO_ALL = 2.0


class Request(Service):
    """Sends a message on request, and acknowledges it."""

    commands = (mavlink.MAV_CMD_REQUEST_MESSAGE, *_OLDER)

    def command(self, command: Command, sender: Sender) -> Reply:
        """Answer to whoever asked, or to all where the seventh parameter asks for that."""
        older = _OLDER.get(command.number)
        if older is not None:
            command = Command(mavlink.MAV_CMD_REQUEST_MESSAGE, p1=float(older))
        number = command.p1
        if number is None or number < 0 or number % 1.0:
            return Reply(mavlink.MAV_RESULT_DENIED, "REQUEST_MESSAGE: give a message's number")
        service = self.component.by_provided.get(int(number))
        if service is None:
            return Reply(mavlink.MAV_RESULT_UNSUPPORTED)
        reply = service.request(command, sender)
        if reply is not None:
            return reply
        message = self.component.provide(int(number))
        if message is None:
            return Reply(mavlink.MAV_RESULT_TEMPORARILY_REJECTED,
                         f"message {int(number)} has nothing to say now")
        self.craft.send(message, None if command.p7 == _TO_ALL else sender)
        return Reply(mavlink.MAV_RESULT_ACCEPTED)
