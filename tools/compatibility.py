"""Which test saw which message and command pass: the tables of docs/mavlink.md.

A pytest plugin. `make compatibility` runs the tests of services, live server and clients with it;
every message that a test hands to an aircraft, and every one that the aircraft sends, is noted
with the test, and the tests that passed become the tables between the marks of the page.
"""

from collections import defaultdict
from pathlib import Path

import pytest

BEGIN, END = "<!-- tables: make compatibility -->", "<!-- end of tables -->"

def pytest_addoption(parser):
    parser.addoption("--compatibility", metavar="PAGE", help="write the tables of this page")


def pytest_configure(config):
    if config.getoption("--compatibility"):
        config.pluginmanager.register(Recorder(Path(config.getoption("--compatibility"))))


class Recorder:
    """Notes what passes, and writes the page when the tests have run."""

    def __init__(self, page):
        from longwatch.services.component import Component
        from longwatch.services.craft import Craft

        self.page, self.test, self.failed = page, "", False
        self.seen = defaultdict(set)
        handle, send = Component.handle, Craft.send

        def noted_handle(component, message, sender):
            if component.takes(message):
                self.note("in", message)
            return handle(component, message, sender)

        def noted_send(craft, message, *rest, **options):
            self.note("out", message)
            return send(craft, message, *rest, **options)

        Component.handle, Craft.send = noted_handle, noted_send

    def note(self, way, message):
        kind = message.get_type()
        self.seen[self.test].add((way, kind))
        if kind == "COMMAND_ACK" and way == "out":
            self.seen[self.test].add(("command", int(message.command), int(message.result)))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item):
        self.test = item.nodeid.split("[")[0]

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.failed = True
            self.seen.pop(report.nodeid.split("[")[0], None)

    def pytest_sessionfinish(self, session):
        if session.testscollected and not self.failed:
            write(self.page, self.seen)


def write(page, seen):
    """Put the tables made of ``seen`` (test: what passed) between the marks of ``page``."""
    head, _, rest = page.read_text().partition(BEGIN)
    _, _, tail = rest.partition(END)
    page.write_text(f"{head}{BEGIN}\n\n{tables(seen)}\n{END}{tail}")


def tables(seen):
    """Messages taken, commands, messages sent: each with its service and its tests."""
    from longwatch.mavlink.dialect import mavlink
    from longwatch.services.table import SERVICES

    taken, commands, sent = {}, {}, {}
    for kind in SERVICES:
        file = kind.__module__.rsplit(".", 1)[1]
        taken |= dict.fromkeys(kind.messages, file)
        commands |= dict.fromkeys(kind.commands, file)
    for test in seen:
        for note in seen[test]:
            if note[0] == "out":
                sent.setdefault(note[1], "")
    lines = ["### Messages taken", "", "| message | service | tests | for instance |",
             "|---|---|---|---|"]
    for name in sorted(taken):
        lines.append(row(f"`{name}`", taken[name], tests_of(seen, ("in", name)), seen))
    lines += ["", "### Commands", "", "Accepted in at least one test; others are answered "
              "`UNSUPPORTED`.", "", "| command | service | tests | for instance |",
              "|---|---|---|---|"]
    names = {number: entry.name for number, entry in mavlink.enums["MAV_CMD"].items()}
    fine = (mavlink.MAV_RESULT_ACCEPTED, mavlink.MAV_RESULT_IN_PROGRESS)
    for number in sorted(commands):
        found = [t for t in seen if any(("command", number, r) in seen[t] for r in fine)]
        lines.append(row(f"`{names[number].removeprefix('MAV_CMD_')}` ({number})",
                         commands[number], found, seen))
    lines += ["", "### Messages sent", "", "| message | tests | for instance |", "|---|---|---|"]
    for name in sorted(sent):
        found = tests_of(seen, ("out", name))
        lines.append(f"| `{name}` | {len(found)} | {instance(found, seen, '')} |")
    return "\n".join(lines) + "\n"


def tests_of(seen, note):
    return [test for test in seen if note in seen[test]]


def row(name, service, found, seen):
    """A line of a table whose second column is the service."""
    return f"| {name} | {service} | {len(found)} | {instance(found, seen, service)} |"


def instance(found, seen, file):
    """The test that says most: of the service's own file, else with the least passing by."""
    if not found:
        return "none"
    own = [test for test in found if file and f"test_{file}" in test]
    best = min(own or found, key=lambda test: (len(seen.get(test, ())), test))
    return f"`{best}`"
