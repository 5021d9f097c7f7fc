"""Modes: a profile's own numbers, MAVLink's standard modes, and what there is to choose."""

from typing import Any

from longwatch.autopilot.codes import MODE_ALTITUDE, MODE_CRUISE, MODE_NAMES
from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.craft import Command, Craft, ModeChoice, Reply, Sender
from longwatch.services.manual import Manual
from longwatch.services.profiles import px4_mode

# Each profile's number of AVAILABLE_MODES_MONITOR: the set of modes never changes in flight.
_SET_NUMBER = 1
_SUBMODES = 256


class Modes(Service):
    """Changes the mode on request and tells modes."""

    messages = ("SET_MODE",)
    commands = (mavlink.MAV_CMD_DO_SET_MODE, mavlink.MAV_CMD_DO_SET_STANDARD_MODE)
    provides = (mavlink.MAVLINK_MSG_ID_CURRENT_MODE, mavlink.MAVLINK_MSG_ID_AVAILABLE_MODES,
                mavlink.MAVLINK_MSG_ID_AVAILABLE_MODES_MONITOR)

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        self._listed = listed(craft.profile.modes)
        self._shown: int | None = None

    def handle(self, message: Any, sender: Sender) -> None:
        """SET_MODE, the older way: without acknowledgement, but a refusal is told."""
        # Its target is a system alone; 0 would be every aircraft at once, which no client means.
        if message.target_system != self.craft.system:
            return
        reply = self._by_number(int(message.custom_mode), int(message.base_mode), sender)
        if reply.text:
            self.craft.say(mavlink.MAV_SEVERITY_WARNING, reply.text, sender)

    def command(self, command: Command, sender: Sender) -> Reply:
        """DO_SET_MODE by the profile's numbers, DO_SET_STANDARD_MODE by MAVLink's."""
        if command.number == mavlink.MAV_CMD_DO_SET_STANDARD_MODE:
            return self._by_standard(command.p1, sender)
        base, main, sub = command.p1 or 0.0, command.p2, command.p3 or 0.0
        if main is None or main < 0 or not 0 <= sub < _SUBMODES or not 0 <= base < 256:
            return Reply(mavlink.MAV_RESULT_DENIED, "DO_SET_MODE: give a mode's number")
        number = int(main)
        # A station may send PX4's main and submode apart, or custom_mode whole.
        if self.craft.profile.name == "px4" and number < _SUBMODES:
            number = px4_mode(number, int(sub))
        return self._by_number(number, int(base), sender)

    def provide(self, message_id: int) -> Any:
        """CURRENT_MODE, the modes' set number; the first of the modes there are."""
        if message_id == mavlink.MAVLINK_MSG_ID_AVAILABLE_MODES_MONITOR:
            return mavlink.MAVLink_available_modes_monitor_message(_SET_NUMBER)
        if message_id == mavlink.MAVLINK_MSG_ID_AVAILABLE_MODES:
            return self._available(1)
        shown = self._now()
        # Nothing is asked for that is not flown: refused at once, or flown at once.
        return mavlink.MAVLink_current_mode_message(shown.standard, shown.custom_mode,
                                                    shown.custom_mode)

    def request(self, command: Command, sender: Sender) -> Reply | None:
        """AVAILABLE_MODES by number from 1, or all of them for 0."""
        if command.p1 != mavlink.MAVLINK_MSG_ID_AVAILABLE_MODES:
            return None
        index = command.p2 or 0.0
        if index % 1.0 or not 0 <= index <= len(self._listed):
            return Reply(mavlink.MAV_RESULT_DENIED,
                         f"AVAILABLE_MODES: there are {len(self._listed)}, 0 for all")
        for number in range(1, len(self._listed) + 1) if index == 0 else (int(index),):
            self.craft.send(self._available(number), sender)
        return Reply(mavlink.MAV_RESULT_ACCEPTED)

    def poll(self, wall: float) -> None:
        """Tell a change of mode at once."""
        number = self._now().custom_mode
        if number != self._shown:
            if self._shown is not None:
                self.craft.send(self.provide(mavlink.MAVLINK_MSG_ID_CURRENT_MODE))
            self._shown = number

    def _now(self) -> ModeChoice:
        return self.craft.profile.shown(int(self.craft.state.autopilot.crew.mode))

    def _available(self, index: int) -> Any:
        choice = self._listed[index - 1]
        properties = 0 if choice.crew in (MODE_ALTITUDE, MODE_CRUISE) else (
            mavlink.MAV_MODE_PROPERTY_AUTO_MODE)
        if not choice.selectable:
            properties |= mavlink.MAV_MODE_PROPERTY_NOT_USER_SELECTABLE
        return mavlink.MAVLink_available_modes_message(
            len(self._listed), index, choice.standard, choice.custom_mode, properties,
            choice.name.encode())

    def _by_number(self, number: int, base: int, sender: Sender) -> Reply:
        if base and not base & mavlink.MAV_MODE_FLAG_CUSTOM_MODE_ENABLED:
            return Reply(mavlink.MAV_RESULT_DENIED,
                         "mode: give its custom number, with the flag that says so")
        choice = self.craft.profile.chosen(number)
        if choice is None or not choice.selectable:
            return Reply(mavlink.MAV_RESULT_DENIED, f"mode {number} is not one to choose here")
        return self._change(choice, sender)

    def _sticks(self) -> bool:
        return self.component.find(Manual).held

    def _by_standard(self, standard: float | None, sender: Sender) -> Reply:
        for choice in self._listed:
            if standard and choice.standard == standard:
                return self._change(choice, sender)
        return Reply(mavlink.MAV_RESULT_UNSUPPORTED, "that standard mode is not flown here")

    def _change(self, choice: ModeChoice, sender: Sender) -> Reply:
        if choice.crew in (MODE_ALTITUDE, MODE_CRUISE) and self.craft.profile.needs_sticks and not (
                self._sticks()):
            return Reply(mavlink.MAV_RESULT_TEMPORARILY_REJECTED,
                         f"{choice.name}: no sticks are heard: send MANUAL_CONTROL first")
        refused = self.craft.order(sender, "mode", mode=MODE_NAMES[choice.crew])
        if refused:
            return Reply(refused.result, f"{choice.name}: {refused}")
        return Reply(mavlink.MAV_RESULT_ACCEPTED)


def listed(modes: tuple[ModeChoice, ...]) -> tuple[ModeChoice, ...]:
    """The modes as clients may choose them: each number once, by its first entry."""
    unique: dict[int, ModeChoice] = {}
    for choice in modes:
        unique.setdefault(choice.custom_mode, choice)
    return tuple(unique.values())
