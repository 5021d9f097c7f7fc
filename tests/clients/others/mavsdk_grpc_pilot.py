"""MAVSDK 1.4.9, 2.8.4 and 3.17.4: `python mavsdk_grpc_pilot.py udp://0.0.0.0:14540 50051 FOLDER`.

These wheels carry mavsdk_server, which they start themselves on the port given second.
"""

import asyncio
import os
import sys
from pathlib import Path

from mavsdk import System
from mavsdk.action import ActionError
from mavsdk.manual_control import ManualControlError
from mavsdk.mission_raw import MissionItem

INT, TAKEOFF, WAYPOINT = 6, 22, 16


async def first(stream, wanted=lambda told: True, seconds=30.0):
    async def run():
        async for told in stream:
            if wanted(told):
                return told
        raise SystemExit("the server hung up")

    return await asyncio.wait_for(run(), seconds)


async def refused(act, kind, what):
    try:
        await asyncio.wait_for(act, 10.0)
    except kind:
        print("ok refused:", what, flush=True)
        return
    raise SystemExit(f"not refused: {what}")


async def logs(drone, folder):
    entries = await asyncio.wait_for(drone.log_files.get_entries(), 20.0)
    entry = min((e for e in entries if e.size_bytes), key=lambda e: e.size_bytes)
    path = Path(folder) / "log.bin"
    download = drone.log_files.download_log_file(entry, str(path))
    if hasattr(download, "__aiter__"):
        async for _ in download:
            pass
    else:
        await download
    assert path.stat().st_size == entry.size_bytes
    print("ok log", flush=True)


async def main(address, port, folder):
    drone = System(port=int(port))
    await asyncio.wait_for(drone.connect(system_address=address), 60.0)
    await first(drone.core.connection_state(), lambda s: s.is_connected)
    await first(drone.telemetry.health(), lambda h: h.is_armable and h.is_home_position_ok)
    at = await first(drone.telemetry.position())
    assert abs(at.relative_altitude_m) < 0.3
    x, y = round(at.latitude_deg * 1e7), round(at.longitude_deg * 1e7)
    items = [MissionItem(i, INT, command, int(i == 0), 1, 0.0, 0.0, 0.0, 0.0, x + 500000 * i, y,
                         300.0, 0) for i, command in enumerate((TAKEOFF, WAYPOINT, WAYPOINT))]
    await asyncio.wait_for(drone.mission_raw.upload_mission(items), 20.0)
    assert len(await asyncio.wait_for(drone.mission_raw.download_mission(), 20.0)) == 3
    print("ok mission", flush=True)
    await logs(drone, folder)
    await drone.action.arm()
    await drone.action.takeoff()
    await first(drone.telemetry.position(), lambda p: p.relative_altitude_m > 40.0, 60.0)
    print("ok airborne", flush=True)
    await refused(drone.action.reboot(), ActionError, "reboot in flight")
    await refused(drone.manual_control.start_position_control(), ManualControlError,
                  "position control without sticks")
    assert (await first(drone.telemetry.position())).relative_altitude_m > 40.0
    assert await first(drone.telemetry.armed())
    await drone.action.hold()
    print("done", flush=True)
    os._exit(0)


asyncio.run(main(*sys.argv[1:4]))
