"""What a MAVSDK user holds: one system and the plugins that these tests use."""

import pytest

pytest.importorskip("mavsdk", reason="MAVSDK is not installed (group 'dev')")

from mavsdk.component_type import ComponentType
from mavsdk.mavsdk import Configuration, Mavsdk
from mavsdk.plugins.action.action import Action
from mavsdk.plugins.ftp.ftp import Ftp
from mavsdk.plugins.geofence.geofence import Geofence
from mavsdk.plugins.info.info import Info
from mavsdk.plugins.mission.mission import Mission
from mavsdk.plugins.mission_raw.mission_raw import MissionRaw
from mavsdk.plugins.param.param import Param
from mavsdk.plugins.telemetry.telemetry import Telemetry

from clients.served import wait_for


def connect(url):
    """MAVSDK as a ground station, waiting at ``url``; destroyed when its ``with`` ends."""
    mavsdk = Mavsdk(Configuration.create_with_component_type(ComponentType.GROUND_STATION))
    mavsdk.add_any_connection(url)
    return mavsdk


class Pilot:
    """One aircraft by MAVSDK."""

    def __init__(self, system):
        self.system = system
        self.telemetry, self.action = Telemetry(system), Action(system)
        self.mission, self.raw = Mission(system), MissionRaw(system)
        self.geofence, self.param = Geofence(system), Param(system)
        self.ftp, self.info = Ftp(system), Info(system)
        self.texts = []
        self.telemetry.subscribe_status_text(lambda text, _: self.texts.append(text.text))

    @classmethod
    def first(cls, mavsdk):
        """The first autopilot that is heard."""
        system = mavsdk.first_autopilot(20.0)
        assert system is not None, "no autopilot is heard"
        return cls(system)

    @property
    def height(self):
        """Height above home [m]."""
        return self.telemetry.position().relative_altitude_m

    @property
    def place(self):
        """Latitude and longitude [deg]."""
        position = self.telemetry.position()
        return position.latitude_deg, position.longitude_deg

    @property
    def mode(self):
        """Name of the flight mode as MAVSDK knows it."""
        return self.telemetry.flight_mode().name

    def wait_ready(self):
        """Wait until it may be armed."""
        wait_for(lambda: self.telemetry.health_all_ok() and self.telemetry.health().is_armable,
                 30.0, f"armable; {self.texts}")

    def arm(self):
        """Arm, and wait for the heartbeat that says so: time may run faster than it beats."""
        self.action.arm()
        wait_for(self.telemetry.armed, 10.0, "armed")

    def wait_down(self, seconds=90.0):
        """Wait for the end of a flight: on the ground, near home's height, disarmed.

        Each is told by a message of its own, so that one may be ahead of the others.
        """
        wait_for(lambda: not (self.telemetry.armed() or self.telemetry.in_air()
                              or abs(self.height) > 40.0), seconds,
                 f"down and disarmed; {self.texts[-8:]}, {self.height} m")
