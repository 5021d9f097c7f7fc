"""mavkit 0.3: `python mavkit_pilot.py tcpout:127.0.0.1:5760`."""

import asyncio
import os
import sys

from mavkit import AutopilotType, MissionFrame, MissionItem, MissionPlan, MissionType, Vehicle

TAKEOFF, WAYPOINT = 22, 16


async def main(address):
    vehicle = await asyncio.wait_for(Vehicle.connect(address), 30.0)
    own = vehicle.identity()
    assert (own.system_id, own.component_id) == (1, 1), own
    at = await asyncio.wait_for(vehicle.wait_position(), 10.0)
    print("ok identity", at, flush=True)
    store = await asyncio.wait_for(vehicle.download_params(), 30.0)
    print("ok parameters", store, flush=True)
    if own.autopilot != AutopilotType.ArduPilotMega:
        # It numbers every mission as ArduPilot does, home first: elsewhere an item without a place.
        print("done")
        return
    frame = MissionFrame.GlobalRelativeAltInt
    plan = MissionPlan(mission_type=MissionType.Mission, items=[
        MissionItem(seq=i, command=command, frame=frame, x=411300000 + 500000 * i, y=279060000,
                    z=300.0) for i, command in enumerate((TAKEOFF, WAYPOINT, WAYPOINT))])
    await asyncio.wait_for(vehicle.upload_mission(plan), 20.0)
    back = await asyncio.wait_for(vehicle.download_mission(MissionType.Mission), 20.0)
    assert [item.command for item in back.items] == [TAKEOFF, WAYPOINT, WAYPOINT], back.items
    print("ok mission", flush=True)
    await asyncio.wait_for(vehicle.arm(False), 10.0)
    await asyncio.wait_for(vehicle.disarm(False), 10.0)
    print("ok armed and disarmed", flush=True)
    await vehicle.disconnect()
    print("done", flush=True)
    # Its own threads may still run when the interpreter ends.
    os._exit(0)


asyncio.run(main(sys.argv[1]))
