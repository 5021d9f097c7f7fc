"""Engine, fuel and battery, and what is left of them.

Volumes come of masses by the usual weights of fuel: 6.0 lb a US gallon of avgas, 6.7 of Jet A
(FAA AC 120-27F, paragraph on standard weights).
"""

from math import nan, pi
from typing import Any

from longwatch.aircraft.formulas import available_power
from longwatch.aircraft.schema import TURBOPROP
from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.craft import Craft
from longwatch.services.pose import within

POUND, GALLON_ML = 0.45359237, 3785.411784
AVGAS_KG_PER_ML = 6.0 * POUND / GALLON_ML
JET_KG_PER_ML = 6.7 * POUND / GALLON_ML
FUEL_ID = 0
BATTERY_ID = 0
NOT_MEASURED = 32767
CELLS = 10
NO_CELL = 65535


class Power(Service):
    """Makes EFI_STATUS, FUEL_STATUS and BATTERY_STATUS."""

    provides = (mavlink.MAVLINK_MSG_ID_EFI_STATUS, mavlink.MAVLINK_MSG_ID_FUEL_STATUS,
                mavlink.MAVLINK_MSG_ID_BATTERY_STATUS)

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        turboprop = int(craft.sheet.engine.kind) == TURBOPROP
        self._density = JET_KG_PER_ML if turboprop else AVGAS_KG_PER_ML
        self._next = 0
        self._loaded = float(craft.simulation.settings["fuel_kg"])

    def provide(self, message_id: int) -> Any:
        """The message as of now; two engines take turns in EFI_STATUS."""
        systems = self.craft.state.sensors.systems
        if message_id == mavlink.MAVLINK_MSG_ID_FUEL_STATUS:
            return self._fuel(systems)
        if message_id == mavlink.MAVLINK_MSG_ID_BATTERY_STATUS:
            return self._battery(systems)
        count = int(self.craft.sheet.engine.count)
        self._next = (self._next + 1) % count
        return self._engine(systems, self._next)

    def _consumed(self, systems: Any) -> float:
        """Fuel burnt since it was filled [kg]."""
        return float(self._loaded - systems.fuel_mass)

    def _engine(self, systems: Any, index: int) -> Any:
        engine, estimate = self.craft.sheet.engine, self.craft.state.autopilot.estimate
        power = float(systems.engine_torque[index] * systems.engine_speed[index])
        most = available_power(engine, float(estimate.air.density_ratio), float(estimate.air.mach))
        flow = float(systems.fuel_flow[index]) / self._density * 60.0
        throttle = 100.0 * float(self.craft.state.commands.throttle[index])
        return mavlink.MAVLink_efi_status_message(
            1 if systems.engine_running[index] else 0, float(index),
            float(systems.engine_speed[index]) * 30.0 / pi, self._consumed(systems) / self._density,
            flow, 100.0 * max(power, 0.0) / max(most, 1.0), throttle, nan, nan, nan, nan, nan, nan,
            nan, nan, throttle, nan)

    def _fuel(self, systems: Any) -> Any:
        capacity = float(self.craft.sheet.mass.fuel_capacity)
        flow = float(sum(systems.fuel_flow))
        return mavlink.MAVLink_fuel_status_message(
            FUEL_ID, capacity / self._density, self._consumed(systems) / self._density,
            float(systems.fuel_mass) / self._density,
            within(100.0 * systems.fuel_mass / capacity, 0, 100), flow / self._density, nan,
            mavlink.MAV_FUEL_TYPE_LIQUID)

    def _battery(self, systems: Any) -> Any:
        sheet = self.craft.sheet.electrics
        voltages = [within(1e3 * systems.battery_voltage, 0, NO_CELL - 1)] + [NO_CELL] * (CELLS - 1)
        share = float(systems.battery_energy) / float(sheet.battery_energy)
        drain = float(systems.battery_power)
        left = float(systems.battery_energy) / drain if drain > 1.0 else 0.0
        state = (mavlink.MAV_BATTERY_CHARGE_STATE_CHARGING if drain < -1.0
                 else mavlink.MAV_BATTERY_CHARGE_STATE_OK)
        spent = float(sheet.battery_energy) - float(systems.battery_energy)
        # A battery that has failed shows no voltage.
        volts = max(float(systems.battery_voltage), 1.0)
        return mavlink.MAVLink_battery_status_message(
            BATTERY_ID, mavlink.MAV_BATTERY_FUNCTION_AVIONICS, mavlink.MAV_BATTERY_TYPE_LION,
            NOT_MEASURED, voltages, within(100.0 * drain / volts, -32768, 32767),
            round(spent / 3.6 / volts), round(spent / 100.0),
            within(100.0 * share, 0, 100), round(left), state)
