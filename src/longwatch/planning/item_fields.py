"""What becomes of every field of every item that is taken: the one table of it.

Each field of a mission item is used, means nothing in that item, is told to be passed over, or is
refused. The reader of files, the upload and the manual's page go by this table; meanings are those
of MAVLink's common.xml.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from longwatch.autopilot.aboard import plan
from longwatch.planning.mav_commands import command_name
from longwatch.planning.mission import MissionItem

USED, EMPTY, TOLD, REFUSED = "used", "empty", "told", "refused"
# Which attribute of an item each field is.
ATTRIBUTES = {"1": "p1", "2": "p2", "3": "p3", "4": "p4", "5": "latitude", "6": "longitude",
              "7": "altitude"}


@dataclass(frozen=True)
class Field:
    """One field of one kind of item.

    Attributes:
        kind: USED as ``meaning`` says; EMPTY where MAVLink gives it no meaning; TOLD where what
            it asks for is not done, and the crew is told so; REFUSED where asking is refused.
        meaning: what it is, and what becomes of it.
        free: values that ask for nothing; left open, none asks.
        refused: values that are refused though others are not.
    """

    kind: str
    meaning: str
    free: tuple[float, ...] = (0.0,)
    refused: tuple[float, ...] = ()

    def asks(self, value: float | None) -> bool:
        """True where a value asks for something."""
        return value is not None and value not in self.free


# Fields that several commands have.
_NONE = Field(EMPTY, "reserved")
_YAW = Field(TOLD, "heading at the item: a wing points where it flies")
_RADIUS = Field(USED, "radius of the circle, positive clockwise; 0 or none the least safe one")
_EXIT = Field(USED, "where the circle is left: always on the tangent to the next item")
_HEADING = Field(USED, "heading before leaving: always towards the next item")
_PLACE = Field(USED, "latitude, longitude; 0, 0 or none where the item before it stands")
_HEIGHT = Field(USED, "altitude in the item's frame")
_NO_PLACE = {"5": _NONE, "6": _NONE, "7": _NONE}
_CLOCK = Field(REFUSED, "time of day to wait for: give a time to wait in parameter 1",
               (0.0, -1.0))


def _row(*parameters: Field, **others: Field) -> dict[str, Field]:
    numbered = {str(i): field for i, field in enumerate(parameters, start=1)}
    rest = {str(i): _NONE for i in range(len(parameters) + 1, 5)}
    return numbered | rest | {name.lstrip("p"): field for name, field in others.items()}


def _placed(*parameters: Field, height: Field = _HEIGHT, place: Field = _PLACE
            ) -> dict[str, Field]:
    return _row(*parameters, p5=place, p6=place, p7=height)


_MARKER = "place by which the nearest of several landings is chosen; 0, 0 that of its first item"

FIELDS: dict[int, dict[str, Field]] = {
    plan.WAYPOINT: _placed(
        Field(USED, "time to hold: up to 5 s passed over, longer flown as a circle"),
        Field(TOLD, "acceptance radius: the turn begins where speed and wind ask for it"),
        Field(REFUSED, "radius to pass by at: the item itself is passed; move it"), _YAW,
        place=Field(USED, "latitude, longitude")),
    plan.LOITER_UNLIM: _placed(_NONE, _NONE, _RADIUS, _YAW),
    plan.LOITER_TURNS: _placed(Field(USED, "turns"), _HEADING, _RADIUS, _EXIT),
    plan.LOITER_TIME: _placed(Field(USED, "time to circle"), _HEADING, _RADIUS, _EXIT),
    plan.RETURN_TO_LAUNCH: _row(**{f"p{i}": _NONE for i in (5, 6, 7)}),
    plan.LAND: _placed(
        Field(TOLD, "height to abort at: the autopilot goes around by its own rules"),
        Field(TOLD, "precision landing: there is nothing aboard that sees a mark", refused=(2.0,)),
        _NONE, _YAW,
        height=Field(USED, "level of the ground there; a known runway keeps its own"),
        place=Field(USED, "aiming point, on the known runway within 1 km; 0, 0 or none the runway "
                    "that it left")),
    plan.TAKEOFF: _placed(
        Field(TOLD, "least pitch: it climbs at its own"), _NONE,
        Field(TOLD, "flags: it takes off along a runway in any case"), _YAW,
        height=Field(USED, "altitude to climb to, in the item's frame"),
        place=Field(USED, "which runway, within 1 km, and which way; it climbs straight ahead")),
    plan.LOITER_TO_ALT: _placed(_HEADING, _RADIUS, _NONE, _EXIT),
    plan.NAV_DELAY: _row(
        Field(USED, "time to circle at the item before it"), _CLOCK, _CLOCK, _CLOCK, **{
            f"p{i}": _NONE for i in (5, 6, 7)}),
    plan.CONDITION_DELAY: _row(Field(USED, "time that the orders behind it wait"),
                               **{f"p{i}": _NONE for i in (5, 6, 7)}),
    plan.DO_JUMP: _row(Field(USED, "number of the item to go to"), Field(USED, "how often"),
                       **{f"p{i}": _NONE for i in (5, 6, 7)}),
    plan.DO_CHANGE_SPEED: _row(
        Field(USED, "0 airspeed, 1 speed over the ground, flown as an airspeed and told so"),
        Field(USED, "speed; -1 no change, -2 the standard one"),
        Field(TOLD, "throttle: it follows from speed and climb", (0.0, -1.0, -2.0)),
        Field(EMPTY, "reserved; once 1 for a change of speed", refused=(1.0,)),
        **{f"p{i}": _NONE for i in (5, 6, 7)}),
    plan.DO_LAND_START: _row(
        p5=Field(USED, _MARKER), p6=Field(USED, _MARKER),
        p7=Field(TOLD, "altitude of the marker: a landing is chosen by its place alone")),
    plan.JUMP_TAG: _row(Field(USED, "the tag's number"), **{f"p{i}": _NONE for i in (5, 6, 7)}),
    plan.DO_JUMP_TAG: _row(Field(USED, "tag to go to"), Field(USED, "how often"),
                           **{f"p{i}": _NONE for i in (5, 6, 7)}),
}
# Beside the parameters.
AUTOCONTINUE = Field(TOLD, "to stop behind the item: the next one follows in any case", (1.0,))


def refusals(item: MissionItem) -> Iterator[tuple[str, str]]:
    """Fields of an item that ask for what is refused: number of the parameter, and why."""
    for number, field in FIELDS.get(item.command, {}).items():
        value = getattr(item, ATTRIBUTES[number])
        if value is not None and (value in field.refused or (
                field.kind == REFUSED and field.asks(value))):
            yield number, f"parameter {number} is {value:g}, {field.meaning}"


def passed_over_fields(items: Iterable[MissionItem]) -> list[str]:
    """What items ask for that is not done, a sentence for each kind of it."""
    found: dict[tuple[int, str, str], list[int]] = {}
    for item in items:
        for name, field in _asked(item):
            what = "has no meaning there" if field.kind == EMPTY else field.meaning
            numbers = found.setdefault((item.command, name, what), [])
            if item.sequence not in numbers:
                numbers.append(item.sequence)
    return [f"{item_list(numbers)}: {command_name(command)}, {name} is passed over: {what}"
            for (command, name, what), numbers in found.items()]


def _asked(item: MissionItem) -> Iterator[tuple[str, Field]]:
    for number, field in FIELDS.get(item.command, {}).items():
        if field.kind in (EMPTY, TOLD) and field.asks(getattr(item, ATTRIBUTES[number])):
            yield ("place" if number in "56" else f"parameter {number}"), field
    if not item.autocontinue:
        yield "autocontinue", AUTOCONTINUE


def item_list(numbers: Sequence[int]) -> str:
    """As messages name items, "items 2, 3, 7": the first twelve of them."""
    shown = ", ".join(map(str, numbers[:12]))
    more = f" and {len(numbers) - 12} more" if len(numbers) > 12 else ""
    return f"item{'s' if len(numbers) > 1 else ''} {shown}{more}"
