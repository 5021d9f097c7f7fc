"""Aerodynamic force and moment of the exported model in JSBSim, state by state, against ours."""

from math import cos, sin
from typing import Any

import numpy as np

from longwatch.aircraft.loader import Aircraft
from longwatch.environment.atmosphere import standard_atmosphere
from longwatch.export.aerodynamics import AILERON, ELEVATOR, RUDDER
from longwatch.flight import aerodynamics, mass
from longwatch.flight.mass import MassState
from longwatch.verification.jsbsim_bare import FOOT, POUND_FORCE, airframe_files, jsbsim_at

AXES = ("x", "y", "z")
NAMES = ("airspeed", "alpha", "beta", "p", "q", "r", "elevator", "aileron", "rudder", "height",
         "gear")


def states(count: int, seed: int = 5) -> list[dict[str, float]]:
    """Random states through the stall, in sideslip, turning, deflected, some near the ground."""
    draw = np.random.default_rng(seed)
    low = np.array([20.0, -0.5, -0.4, -0.5, -0.3, -0.3, -0.4, -0.3, -0.4, 3.0, 0.0])
    high = np.array([110.0, 0.6, 0.4, 0.5, 0.3, 0.3, 0.4, 0.3, 0.4, 25.0, 1.0])
    rows = low + (high - low) * draw.random((count, len(NAMES)))
    rows[::2, NAMES.index("height")] *= 200.0
    return [dict(zip(NAMES, map(float, row), strict=True)) for row in rows]


def velocity(state: dict[str, float]) -> tuple[float, float, float]:
    """Body axes [m/s]."""
    V, alpha, beta = state["airspeed"], state["alpha"], state["beta"]
    return V * cos(alpha) * cos(beta), V * sin(beta), V * sin(alpha) * cos(beta)


def coefficients(aircraft: Aircraft, chosen: list[dict[str, float]]) -> tuple[Any, Any]:
    """Force and moment coefficients in body axes about the centre of gravity, JSBSim's and ours.

    Two arrays (states, 6), full fuel and no payload: forces over dynamic pressure and area,
    moments over span or chord as well.
    """
    sheet = aircraft.datasheet[0]
    loaded = MassState.zeros()[0]
    loaded.fuel_mass = sheet.mass.fuel_capacity
    mass.step(loaded, sheet.mass)
    theirs, ours = np.zeros((len(chosen), 6)), np.zeros((len(chosen), 6))
    with jsbsim_at(airframe_files(aircraft)) as fdm:
        if not fdm.load_model(aircraft.name):
            raise RuntimeError("JSBSim does not load the exported airframe")
        for i, state in enumerate(chosen):
            theirs[i] = _jsbsim_loads(fdm, state)
            ours[i] = _our_loads(sheet, loaded.position, state, fdm["position/h-agl-ft"] * FOOT)
    geometry = sheet.geometry
    arms = np.array([1.0, 1.0, 1.0, geometry.span, geometry.chord, geometry.span])
    density = np.array([standard_atmosphere(state["height"])[2] for state in chosen])
    speed = np.array([state["airspeed"] for state in chosen])
    scale = (0.5 * density * speed**2 * geometry.wing_area)[:, None] * arms
    return theirs / scale, ours / scale


def _jsbsim_loads(fdm: Any, state: dict[str, float]) -> list[float]:
    u, v, w = velocity(state)
    for name, value in {"h-sl-ft": state["height"] / FOOT, "lat-geod-rad": 0.0, "u-fps": u / FOOT,
                        "v-fps": v / FOOT, "w-fps": w / FOOT, "theta-rad": 0.0,
                        "phi-rad": 0.0}.items():
        fdm[f"ic/{name}"] = value
    for axis in "pqr":
        fdm[f"ic/{axis}-rad_sec"] = state[axis]
    for name, surface in ((ELEVATOR, "elevator"), (AILERON, "aileron"), (RUDDER, "rudder"),
                          ("gear/gear-pos-norm", "gear")):
        fdm[name] = state[surface]
    fdm.run_ic()
    forces = [fdm[f"forces/fb{axis}-aero-lbs"] * POUND_FORCE for axis in AXES]
    return forces + [fdm[f"moments/{axis}-aero-lbsft"] * POUND_FORCE * FOOT for axis in "lmn"]


def _our_loads(sheet: Any, centre: Any, state: dict[str, float], height: float) -> list[float]:
    u, v, w = velocity(state)
    wing = height + float(sheet.geometry.wing_height) - float(
        sheet.landing_gear.wheels[1].position[2] - centre[2])
    induced = aerodynamics.ground_effect(wing, sheet.geometry.span)
    fx, fy, fz, mx, my, mz = aerodynamics.loads(
        sheet.aerodynamics, sheet.geometry, standard_atmosphere(state["height"])[2], u, v, w,
        state["p"], state["q"], state["r"], state["elevator"], state["aileron"], state["rudder"],
        induced, state["gear"])
    x, y, z = (float(value) for value in centre)
    return [fx, fy, fz, mx - (y * fz - z * fy), my - (z * fx - x * fz), mz - (x * fy - y * fx)]
