"""Which of the redundant channels to believe."""

from longwatch.compiled import compiled


@compiled
def chosen(channels):
    """Index of the first valid channel, or -1 where none is."""
    for i in range(len(channels)):
        if channels[i].valid:
            return i
    return -1
