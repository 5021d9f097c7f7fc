"""The autopilot's component: its services, and which of them a message is for."""

import importlib
import logging
from typing import Any, TypeVar

from longwatch.services.craft import Craft, Sender, Service

# Each service: its file here and its class. A message type may interest several; a command and
# a message provided belong to one.
SERVICES: tuple[tuple[str, str], ...] = (
    ("heartbeat", "Heartbeat"),
    ("commands", "Commands"),
    ("request", "Request"),
    ("identity", "Identity"),
    ("modes", "Modes"),
    ("arming", "Arming"),
    ("guided", "Guided"),
    ("statustext", "StatusText"),
    ("status", "Status"),
    ("extended_state", "ExtendedState"),
    ("home", "Home"),
    ("timesync", "TimeSync"),
    ("parameters", "Parameters"),
    ("metadata", "Metadata"),
    ("ftp", "Ftp"),
    ("log_transfer", "LogTransfer"),
    ("plans", "Plans"),
    ("mission_progress", "MissionProgress"),
    ("telemetry", "Telemetry"),
    ("pose", "Pose"),
    ("steering", "Steering"),
    ("power", "Power"),
    ("ways_down", "WaysDown"),
    ("estimate", "Estimate"),
    ("radio", "Radio"),
    ("manual", "Manual"),
    ("offboard", "Offboard"),
    ("fence_switch", "FenceSwitch"),
)

S = TypeVar("S", bound=Service)
_log = logging.getLogger(__name__)


class Component:
    """The services of one aircraft, fed with messages and polled.

    Attributes:
        craft: the aircraft.
        services: its services, in the order of SERVICES.
        by_command, by_provided: which service takes a command, makes a message.
        faults: how often a service failed on an input; none may harm another.
    """

    def __init__(self, craft: Craft, services: tuple[type[Service], ...] | None = None) -> None:
        self.craft = craft
        craft.services = self
        self.services = [kind(craft) for kind in services or service_classes()]
        self.faults = 0
        self._last_texts: dict[str, float] = {}
        self._by_message: dict[str, list[Service]] = {}
        self.by_command: dict[int, Service] = {}
        self.by_provided: dict[int, Service] = {}
        for service in self.services:
            for name in service.messages:
                self._by_message.setdefault(name, []).append(service)
            _claim(self.by_command, service.commands, service)
            _claim(self.by_provided, service.provides, service)

    def find(self, kind: type[S]) -> S:
        """The service of a class; KeyError where this component has none."""
        for service in self.services:
            if isinstance(service, kind):
                return service
        raise KeyError(kind.__name__)

    def takes(self, message: Any) -> bool:
        """True for messages addressed to this aircraft's autopilot, or to all."""
        system = getattr(message, "target_system", 0)
        component = getattr(message, "target_component", 0)
        return system in (0, self.craft.system) and component in (0, self.craft.component)

    def handle(self, message: Any, sender: Sender) -> None:
        """Hand a message to the services it is for; never raises."""
        if not self.takes(message):
            return
        for service in self._by_message.get(message.get_type(), ()):
            try:
                service.handle(message, sender)
            except Exception as error:
                self.fault(service, message.get_type(), error)

    def poll(self, wall: float | None = None) -> None:
        """Run every service's timers; about every 20 ms of wall time, the craft's unless given."""
        wall = self.craft.wall() if wall is None else wall
        for service in self.services:
            try:
                service.poll(wall)
            except Exception as error:
                self.fault(service, "timer", error)

    def forget(self, link: int) -> None:
        """Drop what is kept for a link that has gone."""
        for service in self.services:
            try:
                service.forget(link)
            except Exception as error:
                self.fault(service, "link", error)

    def finish(self) -> None:
        """The run ends: wait until what is to be kept is."""
        for service in self.services:
            service.finish()

    def keep(self) -> tuple[Any, ...]:
        """What the services remember beside the record, for a snapshot."""
        return tuple(service.keep() for service in self.services)

    def rewound(self, kept: tuple[Any, ...]) -> None:
        """The record went back to the moment at which ``keep`` returned this."""
        for service, memory in zip(self.services, kept, strict=True):
            try:
                service.rewound(memory)
            except Exception as error:
                self.fault(service, "restore", error)

    def provide(self, message_id: int) -> Any:
        """A message as of now, None where no service makes it or there is nothing to say."""
        service = self.by_provided.get(message_id)
        if service is None:
            return None
        try:
            return service.provide(message_id)
        except Exception as error:
            self.fault(service, str(message_id), error)
            return None

    def fault(self, service: Service, what: str, error: Exception) -> None:
        """Count and log a service's failure, at most once a second for each kind."""
        self.faults += 1
        key, wall = f"{type(service).__name__} {what}", self.craft.wall()
        if wall - self._last_texts.get(key, -10.0) >= 1.0:
            self._last_texts[key] = wall
            _log.error("service %s failed: %r", key, error, exc_info=error)


def service_classes() -> tuple[type[Service], ...]:
    """The classes named in SERVICES."""
    return tuple(getattr(importlib.import_module(f"longwatch.services.{file}"), name)
                 for file, name in SERVICES)


def _claim(table: dict[int, Service], numbers: tuple[int, ...], service: Service) -> None:
    for number in numbers:
        if number in table:
            raise ValueError(f"{number} claimed by {type(table[number]).__name__} and "
                             f"{type(service).__name__}: one must give it up")
        table[number] = service
