"""What JSBSim's engine and propeller leave out, as external forces and moments."""

from math import pi
from typing import Any
from xml.etree import ElementTree as ET

from longwatch.export.aerodynamics import FOOT, INCH, degrees
from longwatch.export.airframe import SLUG_FOOT2
from longwatch.export.xml import add, call, function, product, table, total


def external_reactions(root: ET.Element, sheet: Any) -> None:
    """Add ``<external_reactions>``: feathered propellers' drag, and the shaft's momentum."""
    section = add(root, "external_reactions")
    if sheet.propeller.feathering:
        for number in range(int(sheet.engine.count)):
            _feathered_drag(section, sheet, number)
    _shaft_momentum(section, sheet)


def hub(sheet: Any, number: int) -> tuple[float, float, float]:
    """Hub of a propeller, body axes [m]; the second mirrors the first."""
    x, y, z = (float(value) for value in sheet.propeller.position)
    return x, y if number == 0 else -y, z


def direction(parent: ET.Element, axis: tuple[float, float, float]) -> None:
    """Add the direction of a force or moment, body axes."""
    element = add(parent, "direction")
    for tag, value in zip("xyz", axis, strict=True):
        add(element, tag, value)


def structural_inches(parent: ET.Element, place: tuple[float, float, float]) -> None:
    """Add where a force acts; of external forces JSBSim reads inches alone."""
    element = add(parent, "location", unit="IN")
    for tag, value in zip("xyz", (-place[0], place[1], -place[2]), strict=True):
        add(element, tag, value / INCH)


def _feathered_drag(section: ET.Element, sheet: Any, number: int) -> None:
    propeller = sheet.propeller
    force = add(section, "force", name=f"feathered-{number}", frame="BODY")
    share = table(f"propulsion/engine[{number}]/blade-angle", (
        (degrees(propeller.angle_maximum), 0.0), (degrees(propeller.angle_feather), 1.0)))
    axial = product(call("pow", "velocities/u-aero-fps", 2.0), "atmosphere/rho-slugs_ft3",
                    0.5 * float(propeller.feathered_drag_area) / FOOT**2)
    function(force, f"propulsion/feathered-drag-{number}-lbs", product(share, axial))
    structural_inches(force, hub(sheet, number))
    direction(force, (-1.0, 0.0, 0.0))


def _shaft_momentum(section: ET.Element, sheet: Any) -> None:
    """Take back the gyroscopic moment of the engine's own parts.

    JSBSim spins them as fast as the propeller, with the inertia that they have as seen from it;
    ours counts the propeller alone.
    """
    engine = sheet.engine
    extra = float(engine.inertia) * float(engine.gear_ratio) ** 2 / SLUG_FOOT2 * pi / 30.0
    for axis, name, rate, sign in (((0.0, 1.0, 0.0), "pitch", "r", 1.0),
                                   ((0.0, 0.0, 1.0), "yaw", "q", -1.0)):
        spinning = [product(f"propulsion/engine[{i}]/propeller-rpm",
                            sign * extra * float(sheet.propeller.direction[i]))
                    for i in range(int(engine.count))]
        moment = add(section, "moment", name=f"engine-parts-{name}", frame="BODY")
        function(moment, f"propulsion/engine-parts-{name}-lbsft",
                 product(total(*spinning, 0.0), f"velocities/{rate}-rad_sec"))
        direction(moment, axis)
