"""Levers to surfaces: servos with the datasheet's lag, rate and travel.

Commands are JSBSim's and FlightGear's: elevator positive nose down, aileron positive right wing
down, rudder positive nose left (FlightGear turns its sign), steering positive to the right.
"""

from typing import Any
from xml.etree import ElementTree as ET

from longwatch.export.xml import add, call, clipped, computed, product, total

LEFT, RIGHT = "surfaces/ruddervator-left-rad", "surfaces/ruddervator-right-rad"


def flight_control(root: ET.Element, sheet: Any) -> None:
    """Add ``<flight_control>``: ailerons, ruddervators, steering, gear."""
    section, servos = add(root, "flight_control", name="servos"), sheet.actuators
    _ailerons(add(section, "channel", name="ailerons"), servos.aileron)
    _ruddervators(add(section, "channel", name="ruddervators"), servos.ruddervator)
    wheels = add(section, "channel", name="landing gear")
    computed(wheels, "fcs/steer-command-rad", product(
        clipped("fcs/steer-cmd-norm", -1.0, 1.0), float(servos.steering.upper)))
    servo(wheels, "fcs/steer-servo-rad", "fcs/steer-command-rad", servos.steering, "")
    computed(wheels, "fcs/steer-deg", product("fcs/steer-servo-rad", 57.29577951308232),
             "fcs/steer-pos-deg[0]")
    if sheet.landing_gear.retractable:
        _retraction(wheels, float(sheet.landing_gear.transit_time))


def servo(channel: ET.Element, name: str, command: str, parameters: Any, output: str) -> None:
    """Add a servo with the ``parameters`` of the datasheet."""
    element = add(channel, "actuator", name=name)
    add(element, "input", command)
    if parameters.time_constant > 0.0:
        add(element, "lag", 1.0 / float(parameters.time_constant))
    if parameters.rate_limit > 0.0:
        add(element, "rate_limit", float(parameters.rate_limit))
    clip = add(element, "clipto")
    add(clip, "min", float(parameters.lower))
    add(clip, "max", float(parameters.upper))
    if output:
        add(element, "output", output)


def _stick(cause: str, trim: str, travel: float) -> ET.Element:
    return product(clipped(total(f"fcs/{cause}-cmd-norm", f"fcs/{trim}-trim-cmd-norm"), -1.0, 1.0),
                   travel)


def _ailerons(channel: ET.Element, parameters: Any) -> None:
    computed(channel, "fcs/aileron-command-rad", _stick("aileron", "roll", float(parameters.upper)))
    computed(channel, "fcs/aileron-command-right-rad", product("fcs/aileron-command-rad", -1.0))
    servo(channel, "fcs/aileron-servo-left", "fcs/aileron-command-rad", parameters,
           "fcs/left-aileron-pos-rad")
    servo(channel, "fcs/aileron-servo-right", "fcs/aileron-command-right-rad", parameters,
           "fcs/right-aileron-pos-rad")
    computed(channel, "fcs/effective-aileron-pos-rad", product(0.5, call(
        "difference", "fcs/left-aileron-pos-rad", "fcs/right-aileron-pos-rad")))


def _ruddervators(channel: ET.Element, parameters: Any) -> None:
    """Their mean is elevator, half their difference rudder."""
    travel = float(parameters.upper)
    computed(channel, "fcs/elevator-command-rad", _stick("elevator", "pitch", travel))
    computed(channel, "fcs/rudder-command-rad", _stick("rudder", "yaw", travel))
    computed(channel, "fcs/ruddervator-left-command-rad", call(
        "difference", "fcs/elevator-command-rad", "fcs/rudder-command-rad"))
    computed(channel, "fcs/ruddervator-right-command-rad", total(
        "fcs/elevator-command-rad", "fcs/rudder-command-rad"))
    for side, output in (("left", LEFT), ("right", RIGHT)):
        servo(channel, f"fcs/ruddervator-servo-{side}", f"fcs/ruddervator-{side}-command-rad",
              parameters, output)
    computed(channel, "fcs/elevator-mean-rad", product(0.5, total(LEFT, RIGHT)),
             "fcs/elevator-pos-rad")
    computed(channel, "fcs/rudder-difference-rad", product(0.5, call("difference", RIGHT, LEFT)),
             "fcs/rudder-pos-rad")


def _retraction(channel: ET.Element, transit: float) -> None:
    element = add(channel, "kinematic", name="gear/retraction")
    add(element, "input", "gear/gear-cmd-norm")
    traverse = add(element, "traverse")
    for position, time in ((0.0, 0.0), (1.0, transit)):
        setting = add(traverse, "setting")
        add(setting, "position", position)
        add(setting, "time", time)
    add(element, "output", "gear/gear-pos-norm")
