"""The aircraft's own motion under held controls, at any step; compiled."""

from longwatch.compiled import compiled
from longwatch.earth.frames import matrix_from_quaternion, ned_to_ecef_matrix, rotate_inverse
from longwatch.earth.standard import SEA_LEVEL_DENSITY
from longwatch.earth.wgs84 import ecef_to_geodetic
from longwatch.environment.atmosphere import standard_atmosphere
from longwatch.flight import motion, propulsion


@compiled
def drift(vehicle, sheet, earth, shear, powered, dt, ticks):
    """Fly some ticks of ``dt`` s as the simulation orders them, without autopilot and servos.

    Air density and its gradient are sampled once a tick, as in flight. ``shear`` [1/s] makes a
    wind from the west that grows with height, sampled once a tick likewise. ``powered`` steps
    engines and propellers at the throttle they have; otherwise their thrust and torque stand.
    """
    body, air = vehicle.body, vehicle.air
    for _ in range(ticks):
        p, v, a = body.position_ecef, body.velocity_ecef, body.attitude
        latitude, longitude, height = ecef_to_geodetic(earth, p[0], p[1], p[2])
        ned = ned_to_ecef_matrix(latitude, longitude)
        air.temperature, air.pressure, density, _ = standard_atmosphere(height)
        air.density, air.density_ratio = density, density / SEA_LEVEL_DENSITY
        air.density_gradient = standard_atmosphere(height + 1.0)[2] / density - 1.0
        air.wind_east = shear * height
        if powered:
            wind = air.wind_east
            axial, _, _ = rotate_inverse(
                matrix_from_quaternion(a[0], a[1], a[2], a[3]),
                v[0] - ned[1] * wind, v[1] - ned[4] * wind, v[2] - ned[7] * wind)
            for i in range(sheet.engine.count):
                propulsion.step(
                    vehicle.engines[i], vehicle.propellers[i], sheet.engine, sheet.propeller,
                    vehicle.actuators.throttle[i], vehicle.commands.engine_speed[i], False,
                    axial, density, air.density_ratio, 0.0, 1.0, dt)
        motion.step(vehicle, sheet, earth, ned, dt)
