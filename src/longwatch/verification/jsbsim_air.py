"""Standard atmosphere and Dryden gusts beside JSBSim's."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import numpy as np

from longwatch.aircraft.loader import Aircraft, load_datasheet
from longwatch.environment import turbulence
from longwatch.environment.atmosphere import standard_atmosphere
from longwatch.environment.turbulence import TurbulenceState, turbulence_parameters
from longwatch.random import RandomStream, seed_stream
from longwatch.verification import jsbsim_kernels
from longwatch.verification.check import Check, Context, at_most, not_run, shown, within, worst
from longwatch.verification.jsbsim_bare import (
    FOOT,
    MISSING,
    airframe_files,
    is_installed,
    jsbsim_at,
)

TITLE = "Air beside JSBSim"
ABOUT = """Temperature, pressure and density of the standard atmosphere from the sea to 25 km, and
the root mean square and spectra of gusts at 7 500 ft in moderate turbulence, each simulator drawing
its own random numbers. JSBSim has the Dryden gusts twice. Its "Tustin" form is the standard's, made
discrete: its u, v and w must agree with ours within the statistical error, fixed beforehand: 4
standard errors of a root mean square, and 4.5 of a spectrum in any of its octaves. Its "Milspec"
form has the standard's u, but for v and w a first-order lag of half the length, which has the right
variance and not the right spectrum: 20 % too little where the eddies are as long as the scale, a
third too much where they are short. Both take the rotary gusts from Yeager (NASA CR-1998-206937),
not from MIL-F-8785C: p with a root mean square that goes with (L b)^-1/2 where the standard's goes
with (L b^2)^-1/3; q and r follow from w and v as in ours, q with the other sign, through filters
made discrete by Euler's rule or Tustin's, which shows at the 5 m flown in a step here. Both read
figure 7 at the altitude above the sea, ours at the height above ground: the same here."""

REFERENCE = "JSBSim"
ATMOSPHERE_TOLERANCE = 1e-4
ALTITUDES = np.arange(0.0, 25001.0, 500.0)
# So fast that the eddies are many.
HEIGHT, AIRSPEED, RATE, SECONDS = 7500.0 * FOOT, 250.0, 50.0, 4000.0
OUR_SHARE = 16  # ours, which cost little, are drawn this many times longer
MODERATE_INDEX = 4  # JSBSim's number of the curve for exceedance 1e-3
MILSPEC, TUSTIN = 3, 4
AXES = ("u", "v", "w", "p", "q", "r")
RMS_ERRORS, SPECTRUM_ERRORS = 4.0, 4.5
SEGMENT = 4096
# Up to a twentieth of the rate, where a filter made discrete is still the filter.
OCTAVES = tuple((2**k, 2 ** (k + 1)) for k in range(1, 7))
KELVIN, PASCAL, DENSITY = 1.0 / 1.8, 47.88025898, 515.3788183931961


def checks(context: Context) -> Iterator[Check]:
    """Atmosphere, then gusts."""
    if not is_installed():
        for case in ("standard atmosphere", "gusts"):
            yield not_run(case, "all", REFERENCE, MISSING)
        return
    aircraft = load_datasheet("tb2")
    with _loaded(aircraft) as fdm:
        yield from atmosphere(fdm)
    context.tell("gusts")
    yield from gusts(context, aircraft)


@contextmanager
def _loaded(aircraft: Aircraft) -> Iterator[Any]:
    with jsbsim_at(airframe_files(aircraft)) as fdm:
        if not fdm.load_model(aircraft.name):
            raise RuntimeError("JSBSim does not load the exported airframe")
        yield fdm


def atmosphere(fdm: Any) -> Iterator[Check]:
    """Three quantities over the altitudes."""
    rows = []
    for altitude in ALTITUDES:
        fdm["ic/h-sl-ft"] = altitude / FOOT
        fdm.run_ic()
        rows.append((fdm["atmosphere/T-R"] * KELVIN, fdm["atmosphere/P-psf"] * PASCAL,
                     fdm["atmosphere/rho-slugs_ft3"] * DENSITY))
    theirs = np.array(rows)
    ours = np.array([standard_atmosphere(altitude)[:3] for altitude in ALTITUDES])
    for i, (quantity, unit) in enumerate((("temperature", "K"), ("pressure", "Pa"),
                                          ("density", "kg/m3"))):
        yield worst("standard atmosphere, 0 to 25 km", quantity, REFERENCE, unit, theirs[:, i],
                    ours[:, i], ATMOSPHERE_TOLERANCE, relative=True)


def gusts(context: Context, aircraft: Aircraft, seconds: float = SECONDS) -> Iterator[Check]:
    """Root mean square and spectrum of six axes, in both of JSBSim's forms."""
    span = float(aircraft.datasheet[0].geometry.span)
    count = round(seconds * RATE)
    ours, found = our_gusts(span, OUR_SHARE * count), {}
    for form, number in (("Tustin", TUSTIN), ("Milspec", MILSPEC)):
        with _loaded(aircraft) as fdm:
            found[form] = jsbsim_gusts(fdm, number, count)
    for form, theirs in found.items():
        for i, axis in enumerate(AXES):
            same = i < 3 if form == "Tustin" else i < 1
            yield from _compared(form, axis, theirs[:, i], ours[:, i], same, seconds)
    context.plot("jsbsim-gusts", "Spectra of the gusts u, w and p at 7 500 ft, moderate",
                 lambda figure: _draw(figure, ours, found))


def _compared(form: str, axis: str, theirs: np.ndarray, ours: np.ndarray, same: bool,
              seconds: float) -> Iterator[Check]:
    unit = "m/s" if axis in "uvw" else "rad/s"
    reference = f"JSBSim, {form}"
    case, quantity = f"gust {axis}", "root mean square"
    expected, got = float(theirs.std()), float(ours.std())
    if not same:
        yield shown(case, quantity, reference, unit, expected, got, relative=True)
        return
    # A root mean square of correlation exp(-t/T): standard error sqrt(T / 2 t).
    correlation = turbulence.HIGH_SCALE / AIRSPEED
    error = (correlation / (2.0 * seconds) * (1.0 + 1.0 / OUR_SHARE)) ** 0.5
    yield within(case, quantity, reference, unit, expected, got, RMS_ERRORS * error, relative=True)
    departures = spectrum_departures(theirs, ours)
    yield at_most(case, "spectrum, largest departure of an octave in standard errors", reference,
                  "", SPECTRUM_ERRORS, float(np.max(np.abs(departures))))


def spectrum_departures(theirs: np.ndarray, ours: np.ndarray) -> np.ndarray:
    """Difference of the logarithms of two spectra, octave by octave, over its standard error."""
    found = []
    averaged = 2.0 * len(theirs) / SEGMENT - 1.0
    _, a = spectrum(theirs)
    _, b = spectrum(ours)
    for low, high in OCTAVES:
        # Of half-overlapping Hann segments 9/11 count, of neighbouring bins half.
        independent = max(averaged * 9.0 / 11.0 * (high - low) / 1.944, 1.0)
        apart = np.log(b[low:high].mean() / a[low:high].mean())
        found.append(apart / ((1.0 + 1.0 / OUR_SHARE) / independent) ** 0.5)
    return np.array(found)


def spectrum(series: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Frequency [Hz] and one-sided power spectral density by Welch's method."""
    from scipy.signal import welch  # slow to load, only where it is used

    frequency, power = welch(series, RATE, nperseg=SEGMENT)
    return frequency, power


def our_gusts(span: float, count: int) -> np.ndarray:
    """(count, 6): u v w [m/s] and p q r [rad/s] of our own filters."""
    state, stream = TurbulenceState.zeros()[0], RandomStream.zeros()[0]
    seed_stream(stream, 20, 1)
    rows = np.zeros((count, len(AXES)))
    jsbsim_kernels.gusts(state, turbulence_parameters("moderate")[0], stream, HEIGHT, AIRSPEED,
                         span, 1.0 / RATE, rows)
    return rows


def jsbsim_gusts(fdm: Any, form: int, count: int) -> np.ndarray:
    """(count, 6) of JSBSim's gusts, the aircraft nailed to the air heading north."""
    for name, value in {"h-sl-ft": HEIGHT / FOOT, "u-fps": AIRSPEED / FOOT, "v-fps": 0.0,
                        "w-fps": 0.0, "theta-rad": 0.0, "phi-rad": 0.0, "psi-true-rad": 0.0
                        }.items():
        fdm[f"ic/{name}"] = value
    fdm.set_dt(1.0 / RATE)
    fdm.run_ic()
    for model in ("Propagate", "FCS", "MassBalance", "Propulsion", "Aerodynamics",
                  "GroundReactions", "ExternalReactions", "BuoyantForces", "Aircraft",
                  "Accelerations", "Inertial", "Atmosphere", "Output"):
        fdm[f"simulation/models/FG{model}/enabled"] = 0
    fdm["simulation/randomseed"] = 7
    fdm["atmosphere/turb-type"] = form
    fdm["atmosphere/turbulence/milspec/severity"] = MODERATE_INDEX
    names = [f"atmosphere/turb-{axis}-fps" for axis in ("north", "east", "down")]
    names += [f"atmosphere/{axis}-turb-rad_sec" for axis in "pqr"]
    rows = np.zeros((count, len(AXES)))
    for i in range(count):
        fdm.run()
        rows[i] = [fdm[name] for name in names]
    rows[:, :3] *= FOOT
    return rows


def _draw(figure: Any, ours: np.ndarray, found: dict[str, np.ndarray]) -> None:
    for axes, i in zip(figure.subplots(1, 3), (0, 2, 3), strict=True):
        for label, series in {"Longwatch": ours, **{f"JSBSim, {k}": v for k, v in found.items()}
                              }.items():
            frequency, power = spectrum(series[:, i])
            axes.loglog(*_thinned(frequency, power), label=label)
        axes.set_title(f"{AXES[i]}")
        axes.set_xlabel("Hz")
    figure.axes[0].legend()


def _thinned(frequency: np.ndarray, power: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means over tenths of a decade, up to a fifth of the rate."""
    tenths = np.arange(0.0, np.log10(0.4 * len(power)), 0.1)
    ranges = list(pairwise(np.unique(np.round(10.0**tenths).astype(int))))
    return (np.array([frequency[a:b].mean() for a, b in ranges]),
            np.array([power[a:b].mean() for a, b in ranges]))
