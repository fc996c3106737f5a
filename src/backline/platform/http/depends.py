"""What one answer depends on that only its handler knows: named while the answer is made."""

from typing import Final

MOST_TAGS: Final = 64


class Depends:
    """The tags of the answer to one request, beside those that are declared of its path.

    A handler asks for it as `depends`. Naming a tag says two things: that whoever invalidates it
    ends this answer, and that the caller sees it as one of several, so that it ends with a change
    of their memberships, too. An answer with more than 64 isn't kept.
    """

    __slots__ = ("_named",)

    def __init__(self) -> None:
        self._named: dict[str, None] = {}

    def on(self, *tags: str) -> None:
        """Name tags; at any time before the answer is given."""
        if len(self._named) <= MOST_TAGS:
            self._named.update(dict.fromkeys(tags))

    def on_the_clock(self) -> None:
        """Say that the answer is another one by and by without any change: it isn't kept."""
        self.on(*(f"clock:{number}" for number in range(MOST_TAGS + 1)))

    @property
    def tags(self) -> tuple[str, ...]:
        """What was named; more than 64 say only that it was too much."""
        return tuple(self._named)
