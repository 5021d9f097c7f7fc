"""Writes PNG images of RGBA bytes.

Source of the format: W3C, "Portable Network Graphics (PNG) Specification (Third Edition)".
"""

import struct
import zlib

import numpy as np

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RGBA, _UP = 6, 2
_LEVEL = 6


def write_png(pixels: np.ndarray) -> bytes:
    """An image of shape (rows, columns, 4), uint8: red, green, blue and opacity."""
    rows, columns, _ = pixels.shape
    lines = np.ascontiguousarray(pixels, np.uint8).reshape(rows, 4 * columns)
    # Each row as its difference to the one above: shaded ground packs the better for it.
    filtered = np.empty((rows, 1 + 4 * columns), np.uint8)
    filtered[:, 0] = _UP
    filtered[0, 1:] = lines[0]
    filtered[1:, 1:] = lines[1:] - lines[:-1]
    header = struct.pack(">IIBBBBB", columns, rows, 8, _RGBA, 0, 0, 0)
    return b"".join([SIGNATURE, _chunk(b"IHDR", header),
                     _chunk(b"IDAT", zlib.compress(filtered.tobytes(), _LEVEL)),
                     _chunk(b"IEND", b"")])


def _chunk(kind: bytes, data: bytes) -> bytes:
    return (struct.pack(">I", len(data)) + kind + data
            + struct.pack(">I", zlib.crc32(kind + data)))
