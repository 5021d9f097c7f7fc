"""The lists that are aboard: what an upload must hold, and how it gets to the autopilot."""

import contextlib
from typing import Any

from longwatch.autopilot import plan
from longwatch.errors import LongwatchError
from longwatch.mavlink.dialect import mavlink
from longwatch.planning import live_items
from longwatch.planning.live_items import Fault, item_fault, mission_fault, passed_over
from longwatch.planning.mav_commands import command_name
from longwatch.planning.mission import FRAMES_HOME, MissionItem
from longwatch.services.craft import Craft, Sender
from longwatch.services.plan_aboard import Judging, empty_plan, order_arguments, plan_case
from longwatch.services.plan_fence import (
    RETURN_POINT,
    fence_fault,
    fence_item_fault,
    fence_records,
    rally_item_fault,
    rally_points,
)
from longwatch.services.plan_items import FENCE, MISSION, RALLY, TYPE_NAMES, Item, whole_degrees
from longwatch.services.plan_start import area_items, file_items
from longwatch.services.plan_store import PlanStore

ACCEPTED, DENIED = mavlink.MAV_MISSION_ACCEPTED, mavlink.MAV_MISSION_DENIED
# Most findings told one by one, and most kept as objections to arming.
MOST_TOLD, MOST_OBJECTIONS = 4, 4
# Home is looked at this often at most [s of wall time] once it has moved.
HOME_PERIOD = 1.0
_RESULTS = {
    live_items.COMMAND: mavlink.MAV_MISSION_UNSUPPORTED,
    live_items.FRAME: mavlink.MAV_MISSION_UNSUPPORTED_FRAME,
    live_items.TOO_MANY: mavlink.MAV_MISSION_NO_SPACE,
    "1": mavlink.MAV_MISSION_INVALID_PARAM1, "2": mavlink.MAV_MISSION_INVALID_PARAM2,
    "3": mavlink.MAV_MISSION_INVALID_PARAM3, "4": mavlink.MAV_MISSION_INVALID_PARAM4,
    "5": mavlink.MAV_MISSION_INVALID_PARAM5_X, "6": mavlink.MAV_MISSION_INVALID_PARAM6_Y,
    "7": mavlink.MAV_MISSION_INVALID_PARAM7}

Answer = tuple[int, str]


class PlanLists:
    """Mission, fence and rally points of one aircraft, in store and aboard.

    Attributes:
        store: the lists as uploaded.
        judging: what judges a new mission, beside.
        first: number of the mission's first item: under the ardupilot profile item 0 is home.
        numbers: of the items aboard, by the number that the autopilot knows them by.
    """

    def __init__(self, craft: Craft) -> None:
        self.craft = craft
        self.store = PlanStore(craft.keep)
        self.judging = Judging(self._judged)
        self.first = 1 if craft.profile.name == "ardupilot" else 0
        self._severe: tuple[str, ...] = ()
        self._home, self._look = craft.home, 0.0
        given, self.numbers = file_items(craft.simulation, self.first)
        aboard = {MISSION: given, **(area_items(craft.simulation, craft.home) if given else {})}
        for kind in (RALLY, FENCE, MISSION):
            if aboard.get(kind):
                self.store.replace(kind, aboard[kind])
            elif self.store[kind]:
                self._order(kind, self.store[kind], None)

    def items(self, kind: int) -> tuple[Item, ...]:
        """A list as clients see it, numbered from 0."""
        items = self.store[kind]
        return (self._home_item(), *items) if kind == MISSION and self.first and items else items

    @property
    def current(self) -> int:
        """Number of the mission item that is flown, or flown first."""
        index = int(self.craft.state.autopilot.mission.index)
        most = max(len(self.store[MISSION]) - 1, 0)
        return min(max(index, 0), most) + self.first

    def objections(self) -> tuple[str, ...]:
        """What speaks against flying the mission aboard."""
        return self._severe[:MOST_OBJECTIONS]

    def poll(self, wall: float) -> None:
        """Tell what the judge has found; follow home where heights count from it."""
        self.judging.poll()
        if wall < self._look or self.craft.home == self._home:
            return
        self._look, self._home = wall + HOME_PERIOD, self.craft.home
        for kind in (MISSION, RALLY):
            if any(item.frame in FRAMES_HOME for item in self.store[kind]):
                refused = self._order(kind, self.store[kind], None)
                if refused:
                    self.craft.say(mavlink.MAV_SEVERITY_WARNING, "home has moved, but not the "
                                   f"{TYPE_NAMES[kind]}'s heights above it: {refused}")

    def keep(self) -> Any:
        """The lists, and what the judge has said of the mission; waits until he has."""
        self.judging.finish()
        self.judging.poll()
        return ({kind: self.store[kind] for kind in TYPE_NAMES}, self.numbers, self._severe,
                self._home)

    def rewound(self, kept: Any) -> None:
        """Show the lists that went aboard again with the record; kept files follow them."""
        self.judging.drop()
        lists, self.numbers, self._severe, self._home = kept
        for kind, items in lists.items():
            if self.store[kind] != items:
                reason = self.store.replace(kind, items)
                if reason:
                    self.craft.say(mavlink.MAV_SEVERITY_WARNING, reason)

    def item_refusal(self, kind: int, item: Item, number: int) -> Answer | None:
        """Why an item that comes in is refused, None where it can be taken."""
        if kind == MISSION:
            if number < self.first:
                return None
            fault = item_fault(item.planned(number), item.numbers, item.degrees)
        else:
            fault = (fence_item_fault if kind == FENCE else rally_item_fault)(item, number)
        return None if fault is None else _refusal(fault)

    def replace(self, kind: int, items: tuple[Item, ...], sender: Sender) -> Answer:
        """Put a complete list aboard and keep it; MAV_MISSION_RESULT and what to tell."""
        if kind == MISSION and self.first:
            # Losing a take-off in silence would be worse than a word too many.
            if items and items[0].command != plan.WAYPOINT:
                self.craft.say(mavlink.MAV_SEVERITY_WARNING, "item 0, "
                               f"{command_name(items[0].command)}, is left aside: here it stands "
                               "for home", sender)
            items = items[self.first:]
        fault = self._whole_fault(kind, items)
        if fault is not None:
            return _refusal(fault)
        refused = self._order(kind, items, sender)
        if refused:
            return DENIED, refused
        if kind == FENCE and self.store[MISSION]:
            self._judge_anew()
        return ACCEPTED, self.store.replace(kind, items)

    def _judge_anew(self) -> None:
        """Judge the mission by the fence that has come."""
        with contextlib.suppress(LongwatchError):
            case, situation, _ = plan_case(self._planned(self.store[MISSION]), self.craft)
            self.judging.begin(case, situation)

    # ------------------------------------------------------------------------------ aboard

    def _planned(self, items: tuple[Item, ...]) -> list[MissionItem]:
        return [item.planned(number) for number, item in enumerate(items, start=self.first)]

    def _whole_fault(self, kind: int, items: tuple[Item, ...]) -> Fault | None:
        if kind == MISSION:
            return mission_fault(self._planned(items))
        return fence_fault(items) if kind == FENCE else None

    def _order(self, kind: int, items: tuple[Item, ...], sender: Sender | None) -> str:
        craft = self.craft
        if kind == FENCE:
            if any(item.command == RETURN_POINT for item in items):
                craft.say(mavlink.MAV_SEVERITY_NOTICE, "the fence's return point is kept, but not "
                          "flown to: before a fence it turns back", sender)
            return craft.order(sender, "fence", records=fence_records(items))
        if kind == RALLY:
            return craft.order(sender, "rally", points=rally_points(items, craft.home))
        return self._order_mission(items, sender)

    def _order_mission(self, items: tuple[Item, ...], sender: Sender | None) -> str:
        craft, planned = self.craft, self._planned(items)
        self._severe = ()
        self.judging.drop()
        if not items:
            return craft.order(sender, "plan", **empty_plan(craft))
        try:
            case, situation, resolved = plan_case(planned, craft)
        except LongwatchError as error:
            return str(error)
        refused = craft.order(sender, "plan", **order_arguments(resolved))
        if refused:
            return refused
        self.numbers = {item.sequence: item.sequence for item in planned}
        over = passed_over(planned)
        if over:
            numbers = ", ".join(str(item.sequence) for item in over[:12])
            more = f" and {len(over) - 12} more" if len(over) > 12 else ""
            craft.say(mavlink.MAV_SEVERITY_INFO, f"kept, but passed over in flight: items "
                      f"{numbers}{more}", sender)
        self.judging.begin(case, situation)
        return ""

    def _judged(self, found: tuple[tuple[bool, str], ...]) -> None:
        self._severe = tuple(text for severe, text in found if severe)
        for severe, text in found[:MOST_TOLD]:
            self.craft.say(mavlink.MAV_SEVERITY_WARNING if severe else
                           mavlink.MAV_SEVERITY_NOTICE, text)
        if len(found) > MOST_TOLD:
            self.craft.say(mavlink.MAV_SEVERITY_NOTICE,
                           f"and {len(found) - MOST_TOLD} more findings on the mission")

    def _home_item(self) -> Item:
        home = self.craft.home
        return Item(plan.WAYPOINT, mavlink.MAV_FRAME_GLOBAL, 1, 0.0, 0.0, 0.0, 0.0,
                    whole_degrees(home.latitude), whole_degrees(home.longitude),
                    home.altitude_msl)


def _refusal(fault: Fault) -> Answer:
    return _RESULTS[fault.what], fault.text
