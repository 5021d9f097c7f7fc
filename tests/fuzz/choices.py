"""Where a fuzzer's decisions come from: Hypothesis's draws, or the bytes of a coverage fuzzer."""

from hypothesis import strategies as st


class FromBytes:
    """Decisions read off a string of bytes; once it is used up, always the first possibility."""

    def __init__(self, data):
        self._data = data
        self._at = 0

    @property
    def more(self):
        """Bytes are left."""
        return self._at < len(self._data)

    def octets(self, most):
        """Up to ``most`` bytes as they are."""
        count = min(self.integer(0, most), len(self._data) - self._at)
        self._at += count
        return bytes(self._data[self._at - count:self._at])

    def integer(self, low, high):
        """An integer from ``low`` to ``high``, out of no more bytes than it needs."""
        width = ((high - low).bit_length() + 7) // 8
        part = self._data[self._at:self._at + width]
        self._at += width
        return low + int.from_bytes(part, "little") % (high - low + 1)

    def pick(self, options):
        """One of ``options``."""
        return options[self.integer(0, len(options) - 1)]


class FromHypothesis:
    """The same decisions drawn by Hypothesis, which can shrink them."""

    def __init__(self, data):
        self._data = data

    def octets(self, most):
        return self._data.draw(st.binary(max_size=most))

    def integer(self, low, high):
        return self._data.draw(st.integers(low, high))

    def pick(self, options):
        return options[self.integer(0, len(options) - 1)]
