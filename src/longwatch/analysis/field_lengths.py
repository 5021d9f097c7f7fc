"""Take-off and landing distances on a paved, level runway in calm air.

The ground run and roll are integrated over the speed (Anderson, Aircraft Performance and Design,
1999, sections 6.7 and 6.8). Masses in kg, elevations in m above mean sea level of the standard
atmosphere.
"""

import math

from longwatch.analysis.envelope import power_at_full
from longwatch.autopilot.manoeuvres.take_off import ROTATION_RATE
from longwatch.earth.standard import GRAVITY, SEA_LEVEL_DENSITY
from longwatch.flight.aerodynamics import ground_effect
from longwatch.planning.performance import Performance

# Obstacle that take-off and landing distances reach over, m (50 ft; CS-23.59 and 23.75).
SCREEN_HEIGHT = 15.24


def takeoff(performance: Performance, mass: float, elevation_msl: float) -> tuple[float, float]:
    """Ground run and distance over 15 m (50 ft), m: paved, level, calm, take-off power.

    The run is integrated over the speed, wing in ground effect at the angle of the stance; from
    the speed of rotation on the nose comes up at the autopilot's rate until the wing carries the
    weight. In the air the aircraft gains the climb speed while it climbs at that speed's
    gradient (energy height; Anderson, section 6.7).
    """
    sheet = performance.sheet
    rotation = float(sheet.procedures.rotation_factor) * performance.stall_speed(mass)
    scale = performance.true_airspeed(1.0, elevation_msl)
    weight, friction = mass * GRAVITY, float(sheet.landing_gear.rolling_friction)
    steps = 40
    run, width = 0.0, rotation * scale / steps
    for i in range(steps):
        true = (i + 0.5) * width
        thrust = power_at_full(performance, true / scale, elevation_msl, "take-off") / true
        lift, drag = rolling_loads(performance, true / scale)
        force = thrust - drag - friction * max(weight - lift, 0.0)
        if force <= 0.0:
            return math.nan, math.nan
        run += true * width * mass / force
    lift_off, rotated = _rotate(performance, mass, elevation_msl, rotation * scale)
    run += rotated
    climb = performance.climb_speed(mass)
    gain = max((climb * scale)**2 - lift_off**2, 0.0) / (2 * GRAVITY)
    drag = performance.drag(mass, climb) + gear_drag(performance, climb)
    thrust = power_at_full(performance, climb, elevation_msl, "take-off") / (climb * scale)
    gradient = (thrust - drag) / weight
    if gradient <= 0.0:
        return run, math.nan
    return run, run + (SCREEN_HEIGHT + gain) / gradient


def _rotate(performance: Performance, mass: float, elevation_msl: float, speed: float
            ) -> tuple[float, float]:
    """True airspeed at lift-off, m/s, and distance of the rotation, m, from its true airspeed."""
    aero, scale = performance.sheet.aerodynamics, performance.true_airspeed(1.0, elevation_msl)
    area = float(performance.sheet.geometry.wing_area)
    distance, time, dt = 0.0, 0.0, 0.05
    while time < 10.0:
        pressure_area = 0.5 * SEA_LEVEL_DENSITY * (speed / scale)**2 * area
        CL = float(aero.CL0 + aero.CL_alpha * ROTATION_RATE * time)
        if CL * pressure_area >= mass * GRAVITY:
            break
        thrust = power_at_full(performance, speed / scale, elevation_msl, "take-off") / speed
        # The wing lifts more and more, and drags for it.
        drag = performance.drag(CL * pressure_area / GRAVITY, speed / scale)
        drag += gear_drag(performance, speed / scale)
        distance += speed * dt
        speed += (thrust - drag) / mass * dt
        time += dt
    return speed, distance


def gear_drag(performance: Performance, speed: float) -> float:
    """Drag in N of an extended gear that retracts."""
    sheet = performance.sheet
    return (0.5 * SEA_LEVEL_DENSITY * speed**2 * float(sheet.geometry.wing_area)
            * float(sheet.aerodynamics.CD_gear))


def rolling_loads(performance: Performance, speed: float) -> tuple[float, float]:
    """Lift and drag in N while the wheels roll: zero angle of attack, wing in ground effect."""
    sheet = performance.sheet
    aero, geometry = sheet.aerodynamics, sheet.geometry
    pressure_area = 0.5 * SEA_LEVEL_DENSITY * speed**2 * float(geometry.wing_area)
    aspect_ratio = float(geometry.span) ** 2 / float(geometry.wing_area)
    CL = float(aero.CL0)
    induced = (ground_effect(float(geometry.wing_height), float(geometry.span)) * CL**2
               / (math.pi * float(aero.oswald) * aspect_ratio))
    return CL * pressure_area, (float(aero.CD0 + aero.CD_gear) + induced) * pressure_area


def landing(performance: Performance, mass: float, elevation_msl: float) -> tuple[float, float]:
    """Ground roll and distance from 15 m (50 ft), m: paved, level, calm, full wheel brakes.

    Down the glide path at the approach speed, flared over twice the flare's path so that the
    speed falls to 1.1 times the stall; then the mean of brakes and drag, engine idle.
    """
    sheet = performance.sheet
    procedures, gear = sheet.procedures, sheet.landing_gear
    stall = performance.stall_speed(mass)
    scale = performance.true_airspeed(1.0, elevation_msl)
    touch = 1.1 * stall * scale
    approach = float(procedures.approach_factor) * stall * scale
    drag = performance.drag(mass, approach / scale) + gear_drag(performance, approach / scale)
    slowing = (approach**2 - touch**2) / (2 * drag / mass)
    air = SCREEN_HEIGHT / math.tan(float(procedures.glide_path)) + slowing
    roll, steps = 0.0, 40
    width = touch / steps
    weight, friction = mass * GRAVITY, float(gear.brake_friction)
    braked = braked_share(performance)
    for i in range(steps):
        true = (i + 0.5) * width
        lift, drag = rolling_loads(performance, true / scale)
        load = max(weight - lift, 0.0)
        force = drag + load * (friction * braked + float(gear.rolling_friction))
        roll += true * width * mass / force
    return roll, roll + air


def braked_share(performance: Performance) -> float:
    """Share of the weight on braked wheels, all on their wheels and level."""
    sheet = performance.sheet
    wheels = sheet.landing_gear.wheels
    nose, main = float(wheels[0].position[0]), float(wheels[1].position[0])
    centre = float(sheet.mass.empty_position[0])
    share = (nose - centre) / (nose - main)
    return share if wheels[1].braked else 1.0 - share
