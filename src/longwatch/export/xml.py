"""JSBSim's XML: elements, quantities with their unit, and functions built as Python expressions.

In a function a text stands for a property, a number for a value.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias
from xml.etree import ElementTree as ET

Operand: TypeAlias = "ET.Element | str | float"
Node: TypeAlias = "ET.Element"


def figure(value: float) -> str:
    """A number as XML text that reads back as the same number."""
    return repr(float(value))


def add(parent: ET.Element, tag: str, text: str | float | None = None, **attributes: str
        ) -> ET.Element:
    """A new child of ``parent``."""
    child = ET.SubElement(parent, tag, attributes)
    if text is not None:
        child.text = text if isinstance(text, str) else figure(text)
    return child


def location(parent: ET.Element, position: Any, **attributes: str) -> ET.Element:
    """A point in JSBSim's structural frame (x aft, y right, z up) from body axes [m]."""
    place = add(parent, "location", unit="M", **attributes)
    x, y, z = (float(value) for value in position)
    for tag, value in (("x", 0.0 - x), ("y", y), ("z", 0.0 - z)):
        add(place, tag, value)
    return place


def _operand(item: Operand) -> ET.Element:
    if isinstance(item, ET.Element):
        return item
    element = ET.Element("property" if isinstance(item, str) else "value")
    element.text = item if isinstance(item, str) else figure(item)
    return element


def call(operation: str, *operands: Operand) -> ET.Element:
    """One of JSBSim's operations: ``call("quotient", "velocities/u-fps", 2.0)``."""
    element = ET.Element(operation)
    element.extend(_operand(item) for item in operands)
    return element


def product(*operands: Operand) -> ET.Element:
    """The product of the operands."""
    return call("product", *operands)


def total(*operands: Operand) -> ET.Element:
    """The sum of the operands."""
    return call("sum", *operands)


def clipped(value: Operand, lower: Operand, upper: Operand) -> ET.Element:
    """``value`` within its bounds."""
    return call("min", call("max", value, lower), upper)


def table(lookup: str, points: Iterable[Sequence[float]]) -> ET.Element:
    """A table over one property: pairs of entry and value."""
    element = ET.Element("table")
    add(element, "independentVar", lookup, lookup="row")
    _data(element, points)
    return element


def table2(row: str, column: str, rows: Sequence[float], columns: Sequence[float], values: Any,
           name: str = "") -> ET.Element:
    """A table over two properties; ``values[i][j]`` belongs to ``rows[i]``, ``columns[j]``."""
    element = ET.Element("table", {"name": name, "type": "internal"} if name else {})
    if row:
        add(element, "independentVar", row, lookup="row")
        add(element, "independentVar", column, lookup="column")
    data = add(element, "tableData")
    lines = [" ".join(map(figure, columns))]
    lines += [" ".join(map(figure, (head, *line))) for head, line in zip(rows, values, strict=True)]
    data.text = "\n" + "\n".join(lines) + "\n"
    return element


def _data(element: ET.Element, points: Iterable[Sequence[float]]) -> None:
    lines = (" ".join(map(figure, point)) for point in points)
    add(element, "tableData", "\n" + "\n".join(lines) + "\n")


def function(parent: ET.Element, name: str, body: ET.Element, description: str = ""
             ) -> ET.Element:
    """A named function under ``parent``."""
    element = add(parent, "function", name=name)
    if description:
        add(element, "description", description)
    element.append(body)
    return element


def computed(channel: ET.Element, name: str, body: ET.Element, output: str = "") -> ET.Element:
    """A component of a channel that sets property ``name`` (and ``output``) to a function."""
    component = add(channel, "fcs_function", name=name)
    add(component, "function").append(body)
    if output:
        add(component, "output", output)
    return component


def document(root: ET.Element) -> bytes:
    """The file's bytes, indented."""
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"
