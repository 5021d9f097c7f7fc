"""DroneKit 2.9.2 and dronekit2 3.0.0: `python dronekit_pilot.py tcp:127.0.0.1:5760`."""

import collections
import collections.abc
import sys
import threading
import time

# DroneKit 2.9.2 was written for Pythons that had it here.
collections.MutableMapping = collections.abc.MutableMapping

from dronekit import Command, VehicleMode, connect  # noqa: E402

RELATIVE, TAKEOFF, WAYPOINT = 3, 22, 16


def until(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"not within {seconds} s: {what}")
        time.sleep(0.05)
    print("ok", what, flush=True)


def within(act, seconds, what):
    """Run what may wait for ever."""
    worker = threading.Thread(target=act, daemon=True)
    worker.start()
    worker.join(seconds)
    until(lambda: not worker.is_alive(), 0.1, what)


vehicle = connect(sys.argv[1], wait_ready=False, source_system=250, heartbeat_timeout=20)
until(lambda: vehicle.is_armable, 20, "armable")
until(lambda: vehicle.version.major is not None, 10, "version")
assert (vehicle.version.major, vehicle.ekf_ok) == (4, True), (vehicle.version, vehicle.ekf_ok)
assert vehicle.capabilities.set_attitude_target
assert abs(vehicle.location.global_relative_frame.alt) < 0.3
commands = vehicle.commands
within(lambda: (commands.download(), commands.wait_ready()), 8, "download of no mission")
assert vehicle.home_location is not None
within(lambda: (commands.clear(), commands.upload()), 8, "clear")
at = vehicle.location.global_frame
for command, north, height in ((TAKEOFF, 0.0, 300.0), (WAYPOINT, 0.05, 400.0)):
    commands.add(Command(0, 0, 0, RELATIVE, command, 0, 1, 0, 0, 0, 0, at.lat + north, at.lon,
                         height))
within(commands.upload, 8, "upload")
within(lambda: (commands.download(), commands.wait_ready()), 8, "download")
assert commands.count == 2, commands.count
armed = []
vehicle.add_attribute_listener("armed", lambda own, name, value: armed.append(value))
vehicle.armed = True
until(lambda: vehicle.armed, 8, "armed")
vehicle.mode = VehicleMode("AUTO")
until(lambda: vehicle.location.global_relative_frame.alt > 40, 60, "airborne")
places = []
vehicle.add_message_listener("GLOBAL_POSITION_INT", lambda own, name, m: places.append(m))
vehicle.reboot()
until(lambda: len(places) > 10, 10, "reboot refused in flight")
assert all(m.relative_alt > 30_000 for m in places)
assert set(armed) == {True}, armed
vehicle.mode = VehicleMode("GUIDED")
until(lambda: vehicle.mode.name == "GUIDED", 5, "guided")
vehicle.close()
print("done")
