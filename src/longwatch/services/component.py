"""What a service is; and the autopilot's component: its services, and which a message is for.

A service takes messages and commands, gives messages on request, and has timers on wall time; it
reaches the aircraft through its craft, and other services through its component.
"""

import logging
from typing import Any, TypeVar

from longwatch.mavlink.dialect import mavlink
from longwatch.services.craft import Command, Craft, Reply, Sender

S = TypeVar("S", bound="Service")
_log = logging.getLogger(__name__)


class Service:
    """One microservice of one aircraft; the base does nothing.

    Args:
        craft: the aircraft.

    Attributes:
        component: what holds it and the others, set by that: not before all of them are made.
        messages: types of the messages it takes, such as ("PARAM_SET",).
        commands: the MAV_CMD it takes; one command has one service.
        provides: ids of the messages that it can make at any time.
        capabilities: MAV_PROTOCOL_CAPABILITY bits that stand for what it does.
    """

    messages: tuple[str, ...] = ()
    commands: tuple[int, ...] = ()
    provides: tuple[int, ...] = ()
    capabilities: int = 0
    component: "Component"

    def __init__(self, craft: Craft) -> None:
        self.craft = craft

    def handle(self, message: Any, sender: Sender) -> None:
        """Take a message of one of the types in ``messages``, addressed here or to all."""

    def command(self, command: Command, sender: Sender) -> Reply:
        """Carry out one of ``commands``; may raise Refused."""
        return Reply(mavlink.MAV_RESULT_UNSUPPORTED)

    def provide(self, message_id: int) -> Any:
        """One of ``provides`` as of now; None where there is nothing to say."""
        return None

    def request(self, command: Command, sender: Sender) -> Reply | None:
        """Answer MAV_CMD_REQUEST_MESSAGE (its ``p1``) by itself, as for one of a numbered series.

        None: the message of ``provide`` is sent and the request accepted.
        """
        return None

    def objections(self) -> tuple[str, ...]:
        """What speaks against arming now, a short text each; () for nothing."""
        return ()

    def poll(self, wall: float) -> None:
        """Timers and retries, about every 20 ms; ``wall`` is monotonic seconds of wall time."""

    def forget(self, link: int) -> None:
        """A link has gone for good: drop what was kept for it."""

    def finish(self) -> None:
        """The run ends: wait until what is to be kept is."""

    def keep(self) -> Any:
        """What it remembers beside the record, for a snapshot; never written into afterwards."""
        return None

    def rewound(self, kept: Any) -> None:
        """The record went back to the moment at which ``keep`` returned this."""


class Component:
    """The services of one aircraft, fed with messages and polled.

    Args:
        craft: the aircraft.
        kinds: of the services, in the order in which they are polled.

    Attributes:
        craft: as given.
        services: one of each kind.
        by_command, by_provided: which service takes a command, makes a message.
        faults: how often a service failed on an input; none may harm another.
    """

    def __init__(self, craft: Craft, kinds: tuple[type[Service], ...]) -> None:
        self.craft = craft
        self.services = [kind(craft) for kind in kinds]
        self.faults = 0
        self._last_texts: dict[str, float] = {}
        self._by_message: dict[str, list[Service]] = {}
        self.by_command: dict[int, Service] = {}
        self.by_provided: dict[int, Service] = {}
        for service in self.services:
            service.component = self
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


def _claim(table: dict[int, Service], numbers: tuple[int, ...], service: Service) -> None:
    for number in numbers:
        if number in table:
            raise ValueError(f"{number} claimed by {type(table[number]).__name__} and "
                             f"{type(service).__name__}: one must give it up")
        table[number] = service
