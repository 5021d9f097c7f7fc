"""The JSON of a request, of which nothing that comes after need be afraid."""

import json
import math
from typing import Any

LONGEST_NUMBER = 18
"""Digits of a whole number: more than what has to be counted, less than what MessagePack takes."""


def json_object(raw: bytes) -> dict[str, Any]:
    """The object that ``raw`` is, of finite numbers and of texts that can be kept and told.

    Raises ValueError, which says what it must be.
    """
    try:
        value = json.loads(raw, parse_constant=_no_number, parse_float=_finite, parse_int=_whole)
        if b"\\ud" in raw or b"\\uD" in raw:  # half a character cannot be kept or told
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise ValueError("one JSON object, of numbers and texts that there are") from None
    if not isinstance(value, dict):
        raise ValueError("one JSON object")
    return value


def _no_number(text: str) -> Any:
    raise ValueError(text)


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(text)
    return value


def _whole(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(text)
    return int(text)
