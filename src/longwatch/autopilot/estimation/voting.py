"""Which of the redundant channels to believe."""

from longwatch.compiled import compiled


@compiled
def chosen(channels):
    """Index of the first valid channel, or -1 where none is."""
    for i in range(len(channels)):
        if channels[i].valid:
            return i
    return -1


@compiled
def middle(channels):
    """Index of the air data channel whose impact pressure lies in the middle of three.

    The first valid one where fewer are valid, or where they agree; -1 where none is.
    """
    if not (channels[0].valid and channels[1].valid and channels[2].valid):
        return chosen(channels)
    a, b, c = (channels[0].impact_pressure, channels[1].impact_pressure,
               channels[2].impact_pressure)
    if (a - b) * (c - a) >= 0.0:
        return 0
    return 1 if (b - a) * (c - b) >= 0.0 else 2
