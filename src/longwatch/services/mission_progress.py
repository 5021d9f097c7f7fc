"""Where the aircraft is in its mission: MISSION_CURRENT, MISSION_ITEM_REACHED, and going on from
another item.

An item that is passed over counts as reached when it is passed. (MAVLink, "Mission Protocol".)
"""

from typing import Any

from longwatch.autopilot.codes import MODE_MISSION
from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.craft import Command, Craft, Refusal, Reply, Sender
from longwatch.services.places import flag
from longwatch.services.plan_items import FENCE, MISSION, RALLY
from longwatch.services.plan_lists import PlanLists
from longwatch.services.plans import Plans

NONE_ABOARD = 0xFFFF
# MISSION_CURRENT.mission_mode.
IN_MODE, SUSPENDED = 1, 2
# Items reached told in one poll: time may run a thousandfold, links do not.
MOST_TOLD = 50


class MissionProgress(Service):
    """Tells which item is flown and which were reached; changes it on request."""

    messages = ("MISSION_SET_CURRENT",)
    commands = (mavlink.MAV_CMD_DO_SET_MISSION_CURRENT, mavlink.MAV_CMD_DO_JUMP_TAG)
    provides = (mavlink.MAVLINK_MSG_ID_MISSION_CURRENT,)

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        self._shown: tuple[int, ...] | None = None
        self._read = len(craft.simulation.happenings)
        # Identity of the mission that was flown to its end, 0 for none: after a landing the
        # autopilot stands ready to begin anew, but clients still ask if it was finished.
        self._finished = 0

    @property
    def lists(self) -> PlanLists:
        """The lists aboard."""
        return self.component.find(Plans).lists

    def provide(self, message_id: int) -> Any:
        """MISSION_CURRENT as of now."""
        return mavlink.MAVLink_mission_current_message(*self._now())

    def poll(self, wall: float) -> None:
        """Tell items as they are reached, and the current one when it changes."""
        happenings = self.craft.simulation.happenings
        fresh = happenings[self._read:]
        self._read = len(happenings)
        self._tell([self.lists.numbers[int(h["sequence"])] for h in fresh
                    if h["event"] == "item_reached" and int(h["sequence"]) in self.lists.numbers])
        now = self._now()
        if now != self._shown:
            if self._shown is not None:
                self.craft.send(mavlink.MAVLink_mission_current_message(*now))
            self._shown = now

    def _tell(self, reached: list[int]) -> None:
        for number in reached[-MOST_TOLD:]:
            self.craft.send(mavlink.MAVLink_mission_item_reached_message(number))
        if len(self.lists.items(MISSION)) - 1 in reached:
            self._finished = self.lists.store.identity(MISSION)

    def keep(self) -> int:
        """The mission that was flown to its end."""
        return self._finished

    def rewound(self, kept: Any) -> None:
        """What was reached before has been told."""
        self._finished, self._read = int(kept), len(self.craft.simulation.happenings)

    def handle(self, message: Any, sender: Sender) -> None:
        """MISSION_SET_CURRENT: the older way; a refusal is a text."""
        refused = self.go_on_from(int(message.seq), sender)
        if refused:
            self.craft.say(mavlink.MAV_SEVERITY_WARNING, refused, sender)
        self.craft.send(self.provide(mavlink.MAVLINK_MSG_ID_MISSION_CURRENT))

    def command(self, command: Command, sender: Sender) -> Reply:
        """DO_SET_MISSION_CURRENT, DO_JUMP_TAG."""
        if command.number == mavlink.MAV_CMD_DO_JUMP_TAG:
            return self._jump_to_tag(command, sender)
        number = command.p1
        if number is None or number < -1.0 or number % 1.0:
            return Reply(mavlink.MAV_RESULT_DENIED, "DO_SET_MISSION_CURRENT: give an item's "
                         "number, or -1 for the one that it is")
        reset = flag(command.p2 or 0.0, "DO_SET_MISSION_CURRENT", 2)
        return self._answered(self.go_on_from(int(number), sender, reset=reset))

    def _jump_to_tag(self, command: Command, sender: Sender) -> Reply:
        number = next((i for i, item in enumerate(self.lists.items(MISSION))
                       if item.command == mavlink.MAV_CMD_JUMP_TAG and item.p1 == command.p1), None)
        if number is None:
            return Reply(mavlink.MAV_RESULT_DENIED, "DO_JUMP_TAG: the mission has no such tag")
        return self._answered(self.go_on_from(number, sender))

    def _answered(self, refused: Refusal) -> Reply:
        if refused:
            return Reply(refused.result, refused)
        self.craft.send(self.provide(mavlink.MAVLINK_MSG_ID_MISSION_CURRENT))
        return Reply(mavlink.MAV_RESULT_ACCEPTED)

    def go_on_from(self, number: int, sender: Sender, *, reset: bool = False) -> Refusal:
        """Make an item, by the number clients know it by, the one to fly; "" or why not.

        ``reset`` begins the counts of its jumps anew, and the mission itself where it is complete;
        with -1 nothing else changes.
        """
        lists = self.lists
        items = lists.items(MISSION)
        if number >= len(items) or not items:
            return Refusal(f"mission item {max(number, 0) + 1 - lists.first} does not exist: "
                           f"there are {len(lists.store[MISSION])}",
                           mavlink.MAV_RESULT_FAILED)
        # Home, item 0 of the ardupilot profile, stands for the mission's beginning.
        asked: dict[str, Any] = {} if number < 0 else {"index": max(number - lists.first, 0)}
        if reset:
            asked["reset"] = True
        refused = self.craft.order(sender, "mission_current", **asked)
        if not refused and asked:
            self._finished = 0
        return refused

    def _now(self) -> tuple[int, ...]:
        lists, crew = self.lists, self.craft.state.autopilot.crew
        count = len(lists.store[MISSION])
        identities = tuple(lists.store.identity(kind) for kind in (MISSION, FENCE, RALLY))
        if not count:
            return (0, NONE_ABOARD, mavlink.MISSION_STATE_NO_MISSION, 0, *identities)
        flying = crew.mode == MODE_MISSION and bool(crew.armed)
        state = self._state(flying)
        last = count - 1 + lists.first
        # Numbers run to `total` under ardupilot, where home is item 0, else to `total` - 1.
        return (last if state == mavlink.MISSION_STATE_COMPLETE else lists.current, count, state,
                IN_MODE if flying else SUSPENDED, *identities)

    def _state(self, flying: bool) -> int:
        progress = self.craft.state.autopilot.mission
        index = int(progress.index)
        if flying and index >= 0 and not progress.ended:
            return int(mavlink.MISSION_STATE_ACTIVE)
        if progress.ended or (index < 0 and self._finished
                              and self._finished == self.lists.store.identity(MISSION)):
            return int(mavlink.MISSION_STATE_COMPLETE)
        return int(mavlink.MISSION_STATE_NOT_STARTED if index <= 0
                   else mavlink.MISSION_STATE_PAUSED)
