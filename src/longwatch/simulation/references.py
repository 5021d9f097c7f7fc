"""What an aircraft's record refers to: the one typed list of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from longwatch.aircraft.loader import Aircraft
from longwatch.simulation.vehicle import Loaded, World


@dataclass(frozen=True)
class References:
    """What is loaded aboard, what surrounds the aircraft, what it is, what its items are called.

    Nothing of it is ever written into: what changes takes the place of the whole, by
    :func:`dataclasses.replace`. So to keep it costs a reference.

    Attributes:
        loaded: plan, settings, fence and rally points aboard.
        world: Earth, air and ground.
        aircraft: the datasheet, as parameters have left it.
        names: of the plan's items, by sequence: for people alone.
    """

    loaded: Loaded
    world: World
    aircraft: Aircraft
    names: Mapping[int, str]

    @cached_property
    def digest(self) -> str:
        """Of everything that a flight depends on."""
        digest, world = hashlib.sha256(), self.world
        for part in (self.aircraft.datasheet, *self.loaded, *world[:4], world.magnetic.values,
                     *world.weather, *world.terrain):
            digest.update(_without_padding(np.ascontiguousarray(part)).data)
        return digest.hexdigest()[:16]


def _without_padding(array: np.ndarray) -> np.ndarray:
    """The same values; bytes between the fields of records, which copies leave to chance, zero."""
    if array.dtype.names is None:
        return array
    clean = np.zeros(array.shape, array.dtype)
    clean[...] = array
    return clean
