"""The way to the simulation's HTTP interface, which may come and go at any time.

Nothing of the simulation is imported: what passes here is JSON over loopback.
"""

import asyncio
import logging
from pathlib import Path
from typing import Any

import httpx

from longwatch.station.config import Config
from longwatch.station.refusal import INSTRUCTOR, Refusal
from longwatch.station.web.hub import Hub

TIMEOUT = 30.0  # s; a step of an hour, or a snapshot, takes its time
POLL, POLL_TIMEOUT = 1.0, 3.0  # s
LARGEST = 4 * 1024 * 1024  # of an answer

log = logging.getLogger(__name__)


class Simulator:
    """A client of one simulation.

    Args:
        config: where it is, and where its token lies.
        transport: how it is reached; None for the network.
    """

    def __init__(self, config: Config, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.base, self._file = config.simulation.rstrip("/"), config.token_file
        self._client = httpx.AsyncClient(timeout=TIMEOUT, trust_env=False, transport=transport,
                                         follow_redirects=False)
        self._token = ""

    async def close(self) -> None:
        """End all connections."""
        await self._client.aclose()

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None,
                  timeout: float = TIMEOUT) -> Any:
        """What the simulation answers to ``method`` at ``path`` ("/state").

        Raises:
            Refusal: as the simulation refused it; 503 where it cannot be reached.
        """
        if not self.base:
            raise Refusal("the station was started without a simulation", 404)
        try:
            answer = await self._send(method, path, body, timeout)
            if answer.status_code == 401:  # started anew, with another token
                self._token = ""
                answer = await self._send(method, path, body, timeout)
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            self._token = ""
            raise Refusal(f"the simulation at {self.base} cannot be reached "
                          f"({type(fault).__name__}); is it running?", 503) from None
        return self._read(answer)

    async def _send(self, method: str, path: str, body: dict[str, Any] | None, timeout: float
                    ) -> httpx.Response:
        if not self._token:
            self._token = _token(self._file)
        return await self._client.request(
            method, self.base + path, json=body, timeout=timeout,
            headers={"Authorization": f"Bearer {self._token}"} if self._token else {})

    def _read(self, answer: httpx.Response) -> Any:
        try:
            if len(answer.content) > LARGEST:
                raise ValueError
            value = answer.json()
        except (ValueError, RecursionError):
            raise Refusal(f"what answers at {self.base} is no simulation", 502) from None
        if answer.is_success:
            return value
        told = value.get("error") if isinstance(value, dict) else None
        text = str(told or f"the simulation answered {answer.status_code}")
        if answer.status_code in (401, 403):
            raise Refusal(f"the simulation does not let the station in ({text})", 502)
        raise Refusal(text, answer.status_code if 400 <= answer.status_code < 500 else 502)

    async def run(self, hub: Hub) -> None:
        """Tell instructors how the simulation stands, once a second, until cancelled."""
        loop = asyncio.get_running_loop()
        while self.base:
            due = loop.time() + POLL
            if hub.instructors():
                state = await self._state()
                try:
                    hub.publish(["simulation", state], INSTRUCTOR)
                except Exception:  # a state that cannot be said; the next one may
                    log.exception("the simulation's state could not be told")
            await asyncio.sleep(max(0.1, due - loop.time()))

    async def _state(self) -> Any:
        try:
            return await self.ask("GET", "/state", timeout=POLL_TIMEOUT)
        except Refusal:
            return None
        except Exception:
            log.exception("the simulation's state")
            return None


def _token(file: Path | None) -> str:
    try:
        return file.read_text().strip() if file is not None else ""
    except (OSError, UnicodeDecodeError):
        return ""
