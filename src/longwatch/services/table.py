"""The services of every aircraft, in the order in which they are polled."""

from longwatch.services.arming import Arming
from longwatch.services.commands import Commands
from longwatch.services.component import Service
from longwatch.services.estimate import Estimate
from longwatch.services.extended_state import ExtendedState
from longwatch.services.fence_switch import FenceSwitch
from longwatch.services.ftp import Ftp
from longwatch.services.guided import Guided
from longwatch.services.heartbeat import Heartbeat
from longwatch.services.home import Home
from longwatch.services.identity import Identity
from longwatch.services.log_transfer import LogTransfer
from longwatch.services.manual import Manual
from longwatch.services.metadata import Metadata
from longwatch.services.mission_progress import MissionProgress
from longwatch.services.modes import Modes
from longwatch.services.offboard import Offboard
from longwatch.services.parameters import Parameters
from longwatch.services.plans import Plans
from longwatch.services.pose import Pose
from longwatch.services.power import Power
from longwatch.services.radio import Radio
from longwatch.services.request import Request
from longwatch.services.status import Status
from longwatch.services.statustext import StatusText
from longwatch.services.steering import Steering
from longwatch.services.telemetry import Telemetry
from longwatch.services.timesync import TimeSync
from longwatch.services.ways_down import WaysDown

# A message type may interest several; a command and a message provided belong to one.
SERVICES: tuple[type[Service], ...] = (
    Heartbeat, Commands, Request, Identity, Modes, Arming, Guided, StatusText, Status,
    ExtendedState, Home, TimeSync, Parameters, Metadata, Ftp, LogTransfer, Plans, MissionProgress,
    Telemetry, Pose, Steering, Power, WaysDown, Estimate, Radio, Manual, Offboard, FenceSwitch)
