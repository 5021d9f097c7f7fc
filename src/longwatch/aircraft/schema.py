"""The datasheet as records: what every aircraft states about itself, in SI units.

Each class is one section of an aircraft's TOML file and one part of the read-only record that
flight and autopilot share. Positions are in body axes (x forward, y right, z down), in metres
from the datum: the moment reference point of the coefficients, in the plane of symmetry on the
mean aerodynamic chord, where the aircraft balances about mid range (each file says where).
Aerodynamic coefficients refer to wing area, span and mean chord, at the datum, per radian;
non-dimensional rates are p b/2V, q c/2V, r b/2V. Elevator is positive trailing edge down,
aileron positive for right wing down (the right aileron's trailing edge up), rudder positive
for trailing edge left as seen from behind (nose to the left).
"""

from longwatch.aircraft.accuracy import Sensors
from longwatch.record import b1, f8, field, i4, record

# How many a record has room for: engines, sensors of a kind, wheels, and points of its tables.
ENGINES = 2
CHANNELS = 3
WHEELS = 3
BLADE_ANGLES = 12
ADVANCE_RATIOS = 24
SPEED_POINTS = 8
POWER_ALTITUDES = 8
POWER_MACHS = 4
# Engine.kind: which of the engine's sub-tables the file holds.
PISTON, TURBOPROP = 0, 1


@record
class Geometry:
    wing_area: f8 = field("m2", "wing reference area S", minimum=0.1)
    span: f8 = field("m", "wing span b", minimum=0.1)
    chord: f8 = field("m", "mean aerodynamic chord c", minimum=0.01)
    wing_height: f8 = field("m", "wing above the ground when it stands on its wheels", minimum=0)


@record
class MassProperties:
    empty_mass: f8 = field("kg", "mass without payload and fuel", minimum=1)
    empty_position: f8 = field("m", "centre of gravity of the empty aircraft", shape=(3,))
    empty_inertia_xx: f8 = field("kg m2", "roll inertia, empty, about its own CG", minimum=0.01)
    empty_inertia_yy: f8 = field("kg m2", "pitch inertia, empty, about its own CG", minimum=0.01)
    empty_inertia_zz: f8 = field("kg m2", "yaw inertia, empty, about its own CG", minimum=0.01)
    empty_inertia_xz: f8 = field("kg m2", "product of inertia, integral of x z dm")
    payload_maximum: f8 = field("kg", "largest payload", minimum=0)
    payload_position: f8 = field("m", "centre of gravity of the payload", shape=(3,))
    fuel_capacity: f8 = field("kg", "usable fuel", minimum=0)
    fuel_position: f8 = field("m", "centre of gravity of the fuel", shape=(3,))
    fuel_extent: f8 = field("m", "edges of the box that the fuel fills, for its inertia",
                            shape=(3,))
    maximum_takeoff_mass: f8 = field("kg", "largest mass at take-off", minimum=1)


@record
class Aerodynamics:
    CL0: f8 = field("", "lift coefficient at zero alpha")
    CL_alpha: f8 = field("1/rad", "lift curve slope", minimum=0.1)
    CL_q: f8 = field("1/rad", "lift due to pitch rate")
    CL_elevator: f8 = field("1/rad", "lift due to elevator")
    CL_max: f8 = field("", "largest lift coefficient, trimmed flight", minimum=0.1)
    CL_min: f8 = field("", "most negative lift coefficient", maximum=-0.1)
    stall_sharpness: f8 = field("1/rad", "steepness of the blend from attached to stalled flow",
                                minimum=1)
    CD0: f8 = field("", "drag coefficient at zero lift, a fixed gear's included", minimum=0.001)
    CD_gear: f8 = field("", "drag coefficient of the extended gear where it retracts", minimum=0)
    oswald: f8 = field("", "span efficiency e: CD = CD0 + CL^2/(pi e AR)", minimum=0.3, maximum=1)
    CD_elevator2: f8 = field("1/rad2", "drag due to elevator squared", minimum=0)
    CD_beta2: f8 = field("1/rad2", "drag due to sideslip squared", minimum=0)
    Cm0: f8 = field("", "pitching moment at zero alpha")
    Cm_alpha: f8 = field("1/rad", "pitch stiffness", maximum=0)
    Cm_q: f8 = field("1/rad", "pitch damping", maximum=0)
    Cm_elevator: f8 = field("1/rad", "pitching moment due to elevator", maximum=0)
    Cm_stall: f8 = field("", "pitching moment added in fully stalled flow", maximum=0)
    CY_beta: f8 = field("1/rad", "side force due to sideslip", maximum=0)
    CY_p: f8 = field("1/rad", "side force due to roll rate")
    CY_r: f8 = field("1/rad", "side force due to yaw rate")
    CY_rudder: f8 = field("1/rad", "side force due to rudder")
    Cl_beta: f8 = field("1/rad", "dihedral effect", maximum=0)
    Cl_p: f8 = field("1/rad", "roll damping", maximum=0)
    Cl_r: f8 = field("1/rad", "roll due to yaw rate")
    Cl_aileron: f8 = field("1/rad", "roll due to aileron", minimum=0)
    Cl_rudder: f8 = field("1/rad", "roll due to rudder (an inverted V-tail changes its sign)")
    Cn_beta: f8 = field("1/rad", "weathercock stability", minimum=0)
    Cn_p: f8 = field("1/rad", "yaw due to roll rate")
    Cn_r: f8 = field("1/rad", "yaw damping", maximum=0)
    Cn_aileron: f8 = field("1/rad", "adverse yaw")
    Cn_rudder: f8 = field("1/rad", "yaw due to rudder", maximum=0)


@record
class PistonEngine:
    table_speed: f8 = field("rad/s", "crankshaft speeds of the power table",
                            shape=(SPEED_POINTS,))
    table_power: f8 = field("W", "full-throttle brake power at those speeds, sea level",
                            shape=(SPEED_POINTS,))
    altitude_constant: f8 = field("", "Gagg and Farrar: P = P0 (sigma - (1 - sigma)/constant)",
                                  minimum=1)
    fuel_per_energy: f8 = field("kg/J", "fuel flow per brake power (Willans slope)", minimum=0)
    fuel_per_turn: f8 = field("kg/rad", "fuel flow per crankshaft speed, linear term")
    fuel_per_turn2: f8 = field("kg s/rad2", "fuel flow per crankshaft speed squared")


@record
class TurbopropEngine:
    power_limit: f8 = field("W", "flat rating: largest shaft power that is ever taken", minimum=1)
    altitude: f8 = field("m", "pressure altitudes of the tables, standard atmosphere",
                         shape=(POWER_ALTITUDES,))
    mach: f8 = field("", "Mach numbers of the tables", shape=(POWER_MACHS,))
    power: f8 = field("W", "thermodynamic shaft power at take-off speed, rows altitude, "
                           "columns Mach", shape=(POWER_ALTITUDES, POWER_MACHS), minimum=1)
    fuel: f8 = field("kg/s", "fuel flow at that power, rows altitude, columns Mach",
                     shape=(POWER_ALTITUDES, POWER_MACHS), minimum=0)
    fuel_share_idle: f8 = field("", "share of that fuel flow burnt at no power", minimum=0,
                                maximum=0.9)


@record
class Engine:
    """One of several like engines; a turboprop's crankshaft is its free turbine's shaft."""

    count: i4 = field("", "number of engines", minimum=1, maximum=ENGINES)
    kind: i4 = field("", "0 piston, 1 turboprop", one_of=("piston", "turboprop"))
    gear_ratio: f8 = field("", "crankshaft turns per propeller turn", minimum=0.5)
    inertia: f8 = field("kg m2", "rotating inertia at the crankshaft", minimum=0)
    idle_speed: f8 = field("rad/s", "crankshaft speed at idle", minimum=1)
    continuous_speed: f8 = field("rad/s", "largest continuous crankshaft speed", minimum=1)
    takeoff_speed: f8 = field("rad/s", "largest crankshaft speed, five minutes", minimum=1)
    cruise_speed_least: f8 = field("rad/s", "slowest crankshaft speed that the autopilot asks for "
                                            "in flight", minimum=1)
    continuous_power: f8 = field("W", "largest continuous brake power at sea level", minimum=1)
    friction_torque: f8 = field("N m", "torque that turning it takes with the throttle shut",
                                minimum=0)
    time_constant: f8 = field("s", "lag of torque behind the throttle", minimum=0)
    piston: PistonEngine = field("", "a piston engine's power and fuel flow")
    turboprop: TurbopropEngine = field("", "a turboprop's power and fuel flow")


@record
class Propeller:
    diameter: f8 = field("m", "propeller diameter", minimum=0.1)
    inertia: f8 = field("kg m2", "rotating inertia of the propeller", minimum=0.001)
    direction: f8 = field("", "+1 turns clockwise seen from behind, -1 the other way",
                          shape=(ENGINES,), labels=("first", "second"), minimum=-1, maximum=1)
    position: f8 = field("m", "hub of the first propeller, the right-hand or only one; the second "
                              "mirrors it", shape=(3,))
    angle_minimum: f8 = field("rad", "fine stop of the blade angle at 75 % radius", minimum=0)
    angle_maximum: f8 = field("rad", "coarse stop of the blade angle at 75 % radius", minimum=0)
    angle_rate: f8 = field("rad/s", "largest rate of the blade angle", minimum=0.001)
    feathering: b1 = field("", "the blades can be turned into the air stream")
    angle_feather: f8 = field("rad", "blade angle at 75 % radius when feathered", minimum=0)
    feathered_drag_area: f8 = field("m2", "drag over dynamic pressure, each feathered propeller",
                                    minimum=0)
    angle_first: f8 = field("rad", "first blade angle of the tables")
    angle_step: f8 = field("rad", "step of blade angle between rows of the tables", minimum=1e-4)
    advance_first: f8 = field("", "first advance ratio J = V/(n D) of the tables")
    advance_step: f8 = field("", "step of J between columns of the tables", minimum=1e-4)
    CT: f8 = field("", "thrust coefficient T/(rho n2 D4), rows blade angle, columns J",
                   shape=(BLADE_ANGLES, ADVANCE_RATIOS))
    CP: f8 = field("", "power coefficient P/(rho n3 D5), rows blade angle, columns J",
                   shape=(BLADE_ANGLES, ADVANCE_RATIOS))


@record
class Actuator:
    time_constant: f8 = field("s", "first-order lag", minimum=0)
    rate_limit: f8 = field("1/s", "largest rate, in the travel's unit per second", minimum=0)
    lower: f8 = field("", "least travel: rad for surfaces and steering, 0..1 for levers")
    upper: f8 = field("", "most travel: rad for surfaces and steering, 0..1 for levers")


@record
class Actuators:
    aileron: Actuator = field("", "each aileron")
    ruddervator: Actuator = field("", "each ruddervator of the V-tail")
    steering: Actuator = field("", "nose wheel steering, positive to the right")
    throttle: Actuator = field("", "throttle, 0 shut to 1 open")
    brake: Actuator = field("", "each main wheel's brake, 0 off to 1 full")


@record
class Electrics:
    generator_power: f8 = field("W", "what one engine's generator gives", minimum=0)
    generator_speed: f8 = field("rad/s", "least crankshaft speed at which it gives that",
                                minimum=1)
    avionics_power: f8 = field("W", "what avionics, servos and payload take", minimum=1)
    charge_power: f8 = field("W", "largest power that charges the battery", minimum=0)
    battery_energy: f8 = field("J", "energy of a full battery", minimum=1)
    battery_voltage_full: f8 = field("V", "battery at rest, full", minimum=1)
    battery_voltage_empty: f8 = field("V", "battery at rest, empty", minimum=1)


@record
class Wheel:
    position: f8 = field("m", "contact point with the strut extended", shape=(3,))
    stiffness: f8 = field("N/m", "strut and tyre in compression", minimum=1)
    damping: f8 = field("N s/m", "strut damping in compression", minimum=0)
    damping_rebound: f8 = field("N s/m", "strut damping in extension", minimum=0)
    cornering: f8 = field("1/rad", "side force per slip angle and load", minimum=0.1)
    relaxation_length: f8 = field("m", "rolled way over which the side force builds up",
                                  minimum=0.05)
    steered: b1 = field("", "turns with the nose wheel steering")
    braked: b1 = field("", "has a brake")


@record
class LandingGear:
    wheels: Wheel = field("", "nose, left main, right main", shape=(WHEELS,),
                          labels=("nose", "left", "right"))
    retractable: b1 = field("", "the wheels can be drawn in")
    transit_time: f8 = field("s", "time to extend or retract the gear, 0 where it is fixed",
                             minimum=0)
    rolling_friction: f8 = field("", "rolling resistance on pavement", minimum=0)
    rolling_friction_grass: f8 = field("", "rolling resistance on grass", minimum=0)
    sliding_friction: f8 = field("", "tyre friction limit on pavement", minimum=0)
    sliding_friction_grass: f8 = field("", "tyre friction limit on grass", minimum=0)
    brake_friction: f8 = field("", "friction that a full brake asks of its wheel", minimum=0)
    vertical_load_limit: f8 = field("N", "largest vertical load on all wheels", minimum=1)
    side_load_limit: f8 = field("N", "largest side load on all wheels", minimum=1)
    sink_limit: f8 = field("m/s", "largest sink rate at touchdown", minimum=0.1)


@record
class Limits:
    never_exceed_speed: f8 = field("m/s", "VNE, calibrated", minimum=1)
    cruise_speed: f8 = field("m/s", "cruise speed, calibrated, at maximum mass",
                             minimum=1, maximum=300, parameter="LIM_CRUISE_SPD")
    ceiling: f8 = field("m", "maximum altitude, pressure altitude", minimum=1)
    load_factor_maximum: f8 = field("", "largest load factor",
                                    minimum=1, maximum=9, parameter="LIM_LOAD_MAX")
    load_factor_minimum: f8 = field("", "least load factor",
                                    minimum=-6, maximum=1, parameter="LIM_LOAD_MIN")
    bank_maximum: f8 = field("rad", "largest bank that the autopilot commands",
                             minimum=0.1, maximum=1.3, parameter="LIM_BANK_MAX")
    crosswind_maximum: f8 = field("m/s", "largest crosswind at landing", minimum=0)
    reserve_time: f8 = field("s", "fuel reserve, as time at cruise power", minimum=0)
    flying_qualities_class: i4 = field("", "MIL-F-8785C class: 1 small and light, 2 medium",
                                       minimum=1, maximum=2)


@record
class Procedures:
    """How the aircraft is flown; speeds are multiples of the stall speed at the actual mass."""

    rotation_factor: f8 = field("", "rotation speed over stall speed",
                                minimum=1, maximum=2, parameter="PROC_ROT_FACT")
    climb_factor: f8 = field("", "climb speed over stall speed",
                             minimum=1, maximum=2.5, parameter="PROC_CLIMB_FACT")
    cruise_factor: f8 = field("", "least cruise speed over stall speed",
                              minimum=1, maximum=2.5, parameter="PROC_CRUISE_FACT")
    approach_factor: f8 = field("", "approach speed over stall speed",
                                minimum=1.1, maximum=2, parameter="PROC_APP_FACT")
    protection_factor: f8 = field("", "lowest speed the autopilot allows over stall speed",
                                  minimum=1, maximum=2, parameter="PROC_MIN_FACT")
    glide_path: f8 = field("rad", "approach path angle, positive down",
                           minimum=0.01, maximum=0.2, parameter="PROC_GLIDE_PATH")
    final_length: f8 = field("m", "least length of the straight final approach",
                             minimum=500, maximum=30e3, parameter="PROC_FINAL_LEN")
    decision_height: f8 = field("m", "height above the runway for the last go-around",
                                minimum=0, maximum=300, parameter="PROC_DECISION_H")
    flare_height: f8 = field("m", "height above the runway where the flare begins",
                             minimum=0, maximum=60, parameter="PROC_FLARE_H")
    climb_out_height: f8 = field("m", "height above the runway before the first turn",
                                 minimum=0, maximum=1000, parameter="PROC_CLIMBOUT_H")
    aiming_distance: f8 = field("m", "aiming point beyond the threshold",
                                minimum=0, maximum=2000, parameter="PROC_AIM_DIST")
    rotation_pitch: f8 = field("rad", "pitch that the rotation leads to",
                               minimum=0.02, maximum=0.35, parameter="PROC_ROT_PITCH")
    sink_limit: f8 = field("m/s", "sink on the final beyond which it is given up",
                           minimum=1, maximum=20, parameter="PROC_SINK_MAX")
    flare_time_constant: f8 = field("s", "height over sink rate in the flare",
                                    minimum=0.5, maximum=20, parameter="PROC_FLARE_TC")
    touchdown_factor: f8 = field("", "speed at touchdown over stall speed",
                                 minimum=1, maximum=2, parameter="PROC_TOUCH_FACT")
    align_time: f8 = field("s", "time before touchdown when the nose turns to the runway",
                           minimum=0.2, maximum=10, parameter="PROC_ALIGN_TIME")
    brake_speed: f8 = field("m/s", "ground speed below which it brakes",
                            minimum=1, maximum=100, parameter="PROC_BRAKE_SPD")
    gear_speed: f8 = field("m/s", "largest calibrated airspeed with a retractable gear out",
                           minimum=1, maximum=200, parameter="PROC_GEAR_SPD")


@record
class Control:
    """Gains of the inner and outer loops, at the reference dynamic pressure."""

    reference_pressure: f8 = field("Pa", "dynamic pressure that the gains refer to",
                                   minimum=1, maximum=20e3, parameter="CTL_REF_PRESS")
    roll_time_constant: f8 = field("s", "bank error to roll rate",
                                   minimum=0.05, maximum=10, parameter="CTL_ROLL_TC")
    roll_rate_gain: f8 = field("s", "roll rate error to aileron",
                               minimum=0, maximum=5, parameter="CTL_ROLLR_P")
    roll_rate_integral: f8 = field("", "integral of roll rate error to aileron",
                                   minimum=0, maximum=5, parameter="CTL_ROLLR_I")
    pitch_time_constant: f8 = field("s", "pitch error to pitch rate",
                                    minimum=0.05, maximum=10, parameter="CTL_PITCH_TC")
    pitch_rate_gain: f8 = field("s", "pitch rate error to elevator",
                                minimum=0, maximum=5, parameter="CTL_PITCHR_P")
    pitch_rate_integral: f8 = field("", "integral of pitch rate error to elevator",
                                    minimum=0, maximum=10, parameter="CTL_PITCHR_I")
    climb_rate_gain: f8 = field("1/s", "climb rate error to vertical acceleration, in the flare",
                                minimum=0, maximum=10, parameter="CTL_CLIMBR_P")
    climb_rate_damping: f8 = field("", "vertical acceleration error fed back with it",
                                   minimum=0, maximum=3, parameter="CTL_CLIMBR_D")
    yaw_rate_gain: f8 = field("s", "yaw rate error to rudder",
                              minimum=0, maximum=5, parameter="CTL_YAWR_P")
    sideslip_gain: f8 = field("", "sideslip to rudder",
                              minimum=0, maximum=5, parameter="CTL_SLIP_P")
    sideslip_integral: f8 = field("1/s", "integral of sideslip to rudder",
                                  minimum=0, maximum=5, parameter="CTL_SLIP_I")
    path_period: f8 = field("s", "period of the lateral path following",
                            minimum=1, maximum=120, parameter="CTL_PATH_PERIOD")
    path_damping: f8 = field("", "damping ratio of the lateral path following",
                             minimum=0.1, maximum=2, parameter="CTL_PATH_DAMP")
    heading_time_constant: f8 = field("s", "heading error to yaw rate, on the runway and over it",
                                      minimum=0.1, maximum=10, parameter="CTL_HEADING_TC")
    propeller_efficiency: f8 = field("", "propulsive over brake power that the autopilot reckons "
                                         "with",
                                     minimum=0.3, maximum=1, parameter="CTL_PROP_EFF")
    energy_time_constant: f8 = field("s", "height and speed errors to energy rates",
                                     minimum=0.5, maximum=60, parameter="CTL_ENERGY_TC")
    energy_throttle_gain: f8 = field("", "total energy rate to throttle",
                                     minimum=0, maximum=10, parameter="CTL_ENERGY_THR_P")
    energy_throttle_integral: f8 = field("1/s", "integral of total energy rate to throttle",
                                         minimum=0, maximum=5, parameter="CTL_ENERGY_THR_I")
    energy_pitch_gain: f8 = field("", "energy balance rate to pitch",
                                  minimum=0, maximum=10, parameter="CTL_ENERGY_PIT_P")
    energy_pitch_integral: f8 = field("1/s", "integral of energy balance rate to pitch",
                                      minimum=0, maximum=5, parameter="CTL_ENERGY_PIT_I")


@record
class Datasheet:
    """One aircraft type, whole."""

    geometry: Geometry = field("", "size")
    mass: MassProperties = field("", "masses, centres of gravity, inertias")
    aerodynamics: Aerodynamics = field("", "coefficients")
    engine: Engine = field("", "engine")
    propeller: Propeller = field("", "propeller and its governor")
    actuators: Actuators = field("", "servos")
    electrics: Electrics = field("", "generators and battery")
    landing_gear: LandingGear = field("", "wheels and struts")
    limits: Limits = field("", "operating limits")
    procedures: Procedures = field("", "speeds and heights of the flight phases")
    control: Control = field("", "autopilot gains")
    sensors: Sensors = field("", "errors of the sensors")
