"""The lists that are aboard: what an upload must hold, and how it gets to the autopilot.

A list is laid out beside the loop, goes aboard by an order, and is kept; only then is whoever sent
it told. One list is replaced after the other.
"""

from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any

from longwatch.autopilot import plan
from longwatch.errors import LongwatchError
from longwatch.mavlink.dialect import mavlink
from longwatch.planning import live_items
from longwatch.planning.live_items import Fault, item_fault
from longwatch.planning.mav_commands import command_name
from longwatch.planning.mission import FRAMES_HOME
from longwatch.services.beside import PLAN, Job
from longwatch.services.craft import Craft, Sender
from longwatch.services.plan_aboard import Judging, Laid, empty_plan, laid, situation_of
from longwatch.services.plan_fence import (
    RETURN_POINT,
    fence_fault,
    fence_item_fault,
    fence_records,
    rally_item_fault,
    rally_points,
)
from longwatch.services.plan_items import (
    FENCE,
    MISSION,
    RALLY,
    TYPE_NAMES,
    Item,
    counted,
    whole_degrees,
)
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
    live_items.WHOLE: mavlink.MAV_MISSION_INVALID,
    "1": mavlink.MAV_MISSION_INVALID_PARAM1, "2": mavlink.MAV_MISSION_INVALID_PARAM2,
    "3": mavlink.MAV_MISSION_INVALID_PARAM3, "4": mavlink.MAV_MISSION_INVALID_PARAM4,
    "5": mavlink.MAV_MISSION_INVALID_PARAM5_X, "6": mavlink.MAV_MISSION_INVALID_PARAM6_Y,
    "7": mavlink.MAV_MISSION_INVALID_PARAM7}

# A mission is laid out anew where the aircraft took off or landed meanwhile; at most so often.
MOST_LAID = 3

Answer = tuple[int, str]
# What has to be done for a list, one job after the other, and how it ends.
Steps = Generator[Job | None, None, Answer]


@dataclass(eq=False)
class Change:
    """A list on its way aboard: its steps, who is told of the end, and what they wait for."""

    steps: Steps
    told: Callable[[int, str], None]
    waits: Job | None = None


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
        self.store = PlanStore(craft.keep, craft.beside)
        self.judging = Judging(craft.beside, self._judged)
        self.first = 1 if craft.profile.name == "ardupilot" else 0
        self.changes: deque[Change] = deque()
        self._severe: tuple[str, ...] = ()
        self._home, self._look = craft.home, 0.0
        given, self.numbers = file_items(craft.simulation, self.first)
        aboard = {MISSION: given, **(area_items(craft.simulation) if given else {})}
        for kind in (RALLY, FENCE, MISSION):
            if aboard.get(kind):
                self.store.replace(kind, aboard[kind])
            elif self.store[kind]:
                _at_once(self._aboard(kind, self.store[kind], None))

    def items(self, kind: int) -> tuple[Item, ...]:
        """A list as clients see it, numbered from 0."""
        items = self.store[kind]
        return (self._home_item(), *items) if kind == MISSION and self.first and items else items

    def readable(self, kind: int) -> tuple[Item, ...]:
        """What can be read item by item: home is item 0 even where there is no mission."""
        if kind == MISSION and self.first and not self.store[MISSION]:
            return (self._home_item(),)
        return self.items(kind)

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
        """Go on with what is under way; tell what the judge found; follow home."""
        self._go_on()
        self.judging.poll()
        for kind, file in self.store.files.items():
            if file.poll(wall):
                self.craft.say(mavlink.MAV_SEVERITY_NOTICE, f"the {TYPE_NAMES[kind]} is kept now")
        if wall < self._look or self.craft.home == self._home or self.changes:
            return
        self._look, self._home = wall + HOME_PERIOD, self.craft.home
        for kind in (MISSION, RALLY):
            if any(item.frame in FRAMES_HOME for item in self.store[kind]):
                self._begin(self._moved(kind), lambda result, text: None)

    def warm(self) -> None:
        """Let the process that lays out missions come up before somebody waits for it."""
        home = self.craft.home
        x, y = whole_degrees(home.latitude), whole_degrees(home.longitude)
        circuit = ((plan.TAKEOFF, 0.0, 300.0), (plan.WAYPOINT, 1e6, 900.0), (plan.LAND, 0.0, 0.0))
        items = tuple(Item(command, mavlink.MAV_FRAME_GLOBAL_RELATIVE_ALT, 1, 0.0, 0.0, 0.0, 0.0,
                           x, y + east, height) for command, east, height in circuit)
        self.craft.beside.reckon(PLAN, laid, items, self.first, situation_of(self.craft))

    def finish(self) -> None:
        """The run ends: wait until everything is kept that can be."""
        for file in self.store.files.values():
            file.finish()

    def keep(self) -> Any:
        """The lists, what the judge has said of the mission, and what he has yet to judge."""
        return ({kind: self.store[kind] for kind in TYPE_NAMES}, self.numbers, self._severe,
                self._home, self.judging.asked)

    def rewound(self, kept: Any) -> None:
        """Show the lists that went aboard again with the record; kept files follow them."""
        for change in tuple(self.changes):
            self.cancel(change)
        self.judging.drop()
        lists, self.numbers, self._severe, self._home, asked = kept
        for kind, items in lists.items():
            if self.store[kind] != items:
                self.store.replace(kind, items)
        if asked is not None:
            self.judging.begin(*asked)

    def item_refusal(self, kind: int, item: Item, number: int) -> Answer | None:
        """Why an item that comes in is refused, None where it can be taken."""
        if kind == MISSION:
            if number < self.first:
                return None
            named = counted(item, self.first)
            fault = item_fault(named.planned(number + 1 - self.first), named.numbers,
                               named.degrees)
        else:
            fault = (fence_item_fault if kind == FENCE else rally_item_fault)(item, number + 1)
        return None if fault is None else _refusal(fault)

    def replace(self, kind: int, items: tuple[Item, ...], sender: Sender,
                told: Callable[[int, str], None]) -> Change:
        """Put a complete list aboard and keep it; then MAV_MISSION_RESULT and text are told."""
        if kind == MISSION and self.first:
            # Losing a take-off in silence would be worse than a word too many.
            if items and items[0].command != plan.WAYPOINT:
                self.craft.say(mavlink.MAV_SEVERITY_WARNING, "item 0, "
                               f"{command_name(items[0].command)}, is left aside: here it stands "
                               "for home", sender)
            items = items[self.first:]
        return self._begin(self._replaced(kind, items, sender), told)

    def clear(self, kinds: Sequence[int], sender: Sender,
              told: Callable[[int, str], None]) -> Change:
        """Empty lists, one after the other; then result and text are told."""
        return self._begin(self._cleared(kinds, sender), told)

    def cancel(self, change: Change) -> None:
        """Break a change off; what is aboard already stays, and is kept."""
        if change.waits is not None:
            change.waits.drop()
        change.steps.close()
        if change in self.changes:
            self.changes.remove(change)

    # ----------------------------------------------------------------------------- changing

    def _begin(self, steps: Steps, told: Callable[[int, str], None]) -> Change:
        change = Change(steps, told)
        self.changes.append(change)
        self._go_on()
        return change

    def _go_on(self) -> None:
        """Take every step whose job is done."""
        while self.changes:
            change = self.changes[0]
            if change.waits is not None and not change.waits.ready():
                return
            try:
                change.waits = next(change.steps)
                if change.waits is None:
                    return
            except StopIteration as done:
                self.changes.popleft()
                change.told(*done.value)
            except Exception:
                # A fault of ours must not leave the client waiting; the component logs it.
                self.changes.popleft()
                change.told(mavlink.MAV_MISSION_ERROR,
                            "this failed within the aircraft; the old one stays")
                raise

    def _replaced(self, kind: int, items: tuple[Item, ...], sender: Sender | None) -> Steps:
        result, text, identity = yield from self._aboard(kind, items, sender)
        if result != ACCEPTED:
            return result, text
        self.store.replace(kind, items, identity)
        if kind == FENCE and self.store[MISSION]:
            self._judge_anew()
        return (yield from self._settled(kind))

    def _settled(self, kind: int) -> Steps:
        while not self.store.settled(kind):
            yield None
        return ACCEPTED, self.store.fault(kind)

    def _cleared(self, kinds: Sequence[int], sender: Sender) -> Steps:
        answer: Answer = ACCEPTED, ""
        for kind in kinds:
            # What is empty is empty: nothing is ordered, but it may still be on its way to disk.
            steps = self._replaced(kind, (), sender) if self.store[kind] else self._settled(kind)
            answer = yield from steps
            if answer[0] != ACCEPTED:
                break
        return answer

    def _moved(self, kind: int) -> Steps:
        """Home has moved, and heights above it with it."""
        result, text, _ = yield from self._aboard(kind, self.store[kind], None)
        if result != ACCEPTED:
            self.craft.say(mavlink.MAV_SEVERITY_WARNING, "home has moved, but not the "
                           f"{TYPE_NAMES[kind]}'s heights above it: {text}")
        return result, text

    def _judge_anew(self) -> None:
        """Judge the mission by the fence that has come."""
        self._severe = ()
        self.judging.begin(self.store[MISSION], self.first, situation_of(self.craft))

    # ------------------------------------------------------------------------------ aboard

    def _aboard(self, kind: int, items: tuple[Item, ...], sender: Sender | None
                ) -> Generator[Job, None, tuple[int, str, int | None]]:
        craft = self.craft
        if kind == MISSION and items:
            return (yield from self._mission_aboard(items, sender))
        if kind == MISSION:
            self._severe = ()
            self.judging.drop()
            refused = craft.order(sender, "plan", **empty_plan(craft))
        elif kind == FENCE:
            fault = fence_fault(items)
            if fault is not None:
                return *_refusal(fault), None
            if any(item.command == RETURN_POINT for item in items):
                craft.say(mavlink.MAV_SEVERITY_NOTICE, "the fence's return point is kept, but not "
                          "flown to: before a fence it turns back", sender)
            refused = craft.order(sender, "fence", records=fence_records(items))
        else:
            refused = craft.order(sender, "rally", points=rally_points(items, craft.home))
        return DENIED if refused else ACCEPTED, str(refused), None

    def _mission_aboard(self, items: tuple[Item, ...], sender: Sender | None
                        ) -> Generator[Job, None, tuple[int, str, int | None]]:
        craft = self.craft
        for _ in range(MOST_LAID):
            situation, before = situation_of(craft), (craft.airborne, craft.home)
            job = craft.beside.reckon(PLAN, laid, items, self.first, situation)
            while not job.ready():
                yield job
            try:
                found: Laid = job.result()
            except LongwatchError as error:
                return mavlink.MAV_MISSION_ERROR, str(error), None
            if (craft.airborne, craft.home) == before:
                break
        if found.fault is not None:
            return *_refusal(found.fault), None
        refused = found.refusal or craft.order(sender, "plan", **found.arguments)
        if refused:
            return DENIED, str(refused), None
        self._severe = ()
        self.numbers = {number + 1: number + self.first for number in range(len(items))}
        for note in found.notes:
            craft.say(mavlink.MAV_SEVERITY_INFO, note, sender)
        self.judging.begin(items, self.first, situation)
        return ACCEPTED, "", found.identity

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


def _at_once(steps: Generator[Job, None, Any]) -> Any:
    """Take all steps now, waiting for each: before anything is flown, nobody is kept waiting."""
    while True:
        try:
            next(steps).ready()
        except StopIteration as done:
            return done.value


def _refusal(fault: Fault) -> Answer:
    return _RESULTS[fault.what], fault.text
