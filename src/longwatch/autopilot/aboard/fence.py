"""The fence: where the aircraft may fly, and how far from here it ends.

Zones are polygons and circles, kept in or kept out. Inclusion zones carry a group: the aircraft
stays inside every zone of at least one group (MAVLink common.xml, MAV_CMD_NAV_FENCE_*), and outside
every exclusion zone. Edges are planes through the Earth's centre, as are the legs of the guidance:
no pole or date line is special. A polygon is the side on which the antipode of where it is asked
from does not lie, so none may reach half around the Earth.

Points are unit vectors from the Earth's centre; distances are the angle times the Earth's radius
below the point, exact near it and, 1 000 km away, to a few parts in a thousand.
"""

from math import atan2, cos, sin, sqrt

from longwatch.compiled import compiled
from longwatch.earth.wgs84 import geodetic_to_ecef
from longwatch.record import f8, field, i4, record

# MAV_CMD numbers of the vertices (MAVLink common.xml).
POLYGON_INCLUSION = 5001
POLYGON_EXCLUSION = 5002
CIRCLE_INCLUSION = 5003
CIRCLE_EXCLUSION = 5004
# Clearance where nothing is fenced [m].
UNBOUNDED = 1e9
# Kept from the fence unless the crew sets another margin, and from ceiling and floor [m].
FENCE_MARGIN, HEIGHT_MARGIN = 150.0, 30.0
# The turn away from the fence. Share of the bank limit that its circle takes: with 0.8, moderate
# turbulence carried a tb2 in a wind of 12 m/s up to 145 m wide of it.
TURN_SHARE = 0.7
# It takes hold this long after it is decided [s].
ROLL_IN = 2.5


@record
class FenceVertex:
    """A polygon's vertex or a circle; the vertices of a polygon follow one another."""

    kind: i4 = field("", "MAV_CMD number")
    count: i4 = field("", "vertices of its polygon, 0 for a circle")
    group: i4 = field("", "inclusion group: all zones of one group must hold")
    latitude: f8 = field("rad", "vertex or centre", minimum=-1.5707963267948966,
                         maximum=1.5707963267948966)
    longitude: f8 = field("rad", "vertex or centre", minimum=-6.283185307179586,
                          maximum=6.283185307179586)
    radius: f8 = field("m", "radius of a circle", minimum=0)
    direction: f8 = field("", "the same place as a unit vector from the Earth's centre",
                          shape=(3,))


@compiled
def direction_of(earth, latitude, longitude):
    """Unit vector from the Earth's centre to a point [rad] on the ellipsoid, and its distance."""
    x, y, z = geodetic_to_ecef(earth, latitude, longitude, 0.0)
    radius = sqrt(x * x + y * y + z * z)
    return x / radius, y / radius, z / radius, radius


@compiled
def geodetic_of(earth, x, y, z):
    """Latitude and longitude [rad] of the point on the ellipsoid in a direction."""
    ratio = 1.0 - earth.flattening
    return atan2(z, ratio * ratio * sqrt(x * x + y * y)), atan2(y, x)


@compiled
def prepare(fence, earth):
    """Fill in the vertices' unit vectors."""
    for i in range(len(fence)):
        x, y, z, _ = direction_of(earth, fence[i].latitude, fence[i].longitude)
        fence[i].direction[0], fence[i].direction[1], fence[i].direction[2] = x, y, z


@compiled
def north_east(x, y, z):
    """Unit vectors north and east of a point that is not a pole; at a pole any two that do."""
    length = sqrt(x * x + y * y)
    if length < 1e-12:
        return (-1.0 if z > 0.0 else 1.0), 0.0, 0.0, 0.0, 1.0, 0.0
    ex, ey = -y / length, x / length
    return -z * ey, z * ex, x * ey - y * ex, ex, ey, 0.0


@compiled
def displaced(x, y, z, radius, north, east):
    """Point ``north`` and ``east`` [m] of a point, over a sphere of ``radius`` [m]."""
    nx, ny, nz, ex, ey, _ = north_east(x, y, z)
    length = sqrt(north * north + east * east)
    if length < 1e-9:
        return x, y, z
    c, s = cos(length / radius), sin(length / radius) / length
    return (c * x + s * (north * nx + east * ex), c * y + s * (north * ny + east * ey),
            c * z + s * north * nz)


@compiled
def _edge(a, b, x, y, z):
    """Chord [unit sphere] from a point to the nearest point of the arc between two vertices."""
    ax, ay, az = x - a[0], y - a[1], z - a[2]
    bx, by, bz = x - b[0], y - b[1], z - b[2]
    nearest = min(ax * ax + ay * ay + az * az, bx * bx + by * by + bz * bz)
    # The normal from differences: exact for vertices a metre apart too.
    dx, dy, dz = b[0] - a[0], b[1] - a[1], b[2] - a[2]
    nx, ny, nz = a[1] * dz - a[2] * dy, a[2] * dx - a[0] * dz, a[0] * dy - a[1] * dx
    length2 = nx * nx + ny * ny + nz * nz
    if length2 < 1e-24:
        return sqrt(nearest)
    # Ahead of a and behind b, seen along the arc.
    after = x * (ny * a[2] - nz * a[1]) + y * (nz * a[0] - nx * a[2]) + z * (
        nx * a[1] - ny * a[0])
    before = x * (b[1] * nz - b[2] * ny) + y * (b[2] * nx - b[0] * nz) + z * (
        b[0] * ny - b[1] * nx)
    if after >= 0.0 and before >= 0.0:
        return abs(nx * ax + ny * ay + nz * az) / sqrt(length2)
    return sqrt(nearest)


@compiled
def _inside(fence, first, count, x, y, z):
    """True inside a polygon: its edges cross the way north to the antipode an odd time."""
    nx, ny, nz, ex, ey, _ = north_east(x, y, z)
    last = fence[first + count - 1].direction
    north, east = last[0] * nx + last[1] * ny + last[2] * nz, last[0] * ex + last[1] * ey
    inside = False
    for i in range(first, first + count):
        v = fence[i].direction
        n, e = v[0] * nx + v[1] * ny + v[2] * nz, v[0] * ex + v[1] * ey
        if (east >= 0.0) != (e >= 0.0) and north * abs(e) + n * abs(east) > 0.0:
            inside = not inside
        north, east = n, e
    return inside


@compiled
def _zone(fence, first, x, y, z, radius):
    """Signed distance [m] to the edge of the zone that begins at ``first``: positive inside."""
    vertex = fence[first]
    if vertex.kind >= CIRCLE_INCLUSION:
        c = vertex.direction
        dx, dy, dz = x - c[0], y - c[1], z - c[2]
        return vertex.radius - radius * sqrt(dx * dx + dy * dy + dz * dz)
    nearest, previous = 2.0, first + vertex.count - 1
    for i in range(first, first + vertex.count):
        nearest = min(nearest, _edge(fence[previous].direction, fence[i].direction, x, y, z))
        previous = i
    inside = _inside(fence, first, vertex.count, x, y, z)
    return radius * nearest if inside else -radius * nearest


@compiled
def _is_inclusion(kind):
    return kind in (POLYGON_INCLUSION, CIRCLE_INCLUSION)


@compiled
def _step(fence, i):
    return fence[i].count if fence[i].kind < CIRCLE_INCLUSION and fence[i].count > 0 else 1


@compiled
def _first_of_group(fence, zone):
    i = 0
    while i < zone:
        if _is_inclusion(fence[i].kind) and fence[i].group == fence[zone].group:
            return False
        i += _step(fence, i)
    return True


@compiled
def clearance(fence, x, y, z, radius):
    """Distance [m] from a point to where it may not be; negative where it already is there.

    ``x``, ``y``, ``z`` is the point's unit vector, ``radius`` [m] the Earth's below it. Where zones
    overlap it is a lower bound: the largest over the groups of the least over their zones.
    """
    least, most, groups = UNBOUNDED, -UNBOUNDED, 0
    i = 0
    while i < len(fence):
        if not _is_inclusion(fence[i].kind):
            least = min(least, -_zone(fence, i, x, y, z, radius))
        elif _first_of_group(fence, i):
            groups += 1
            within, k = UNBOUNDED, i
            while k < len(fence):
                if _is_inclusion(fence[k].kind) and fence[k].group == fence[i].group:
                    within = min(within, _zone(fence, k, x, y, z, radius))
                k += _step(fence, k)
            most = max(most, within)
        i += _step(fence, i)
    return min(least, most) if groups > 0 else least
