"""What can be wrong with a peer."""


class ProtocolFault(Exception):
    """A peer says what isn't RTMP, or more of it than it may; the text is for people."""


class Turned(Exception):
    """A peer understood and said no: its own words, and whether asking again could help."""

    def __init__(self, reason: str, *, final: bool) -> None:
        super().__init__(reason)
        self.final = final
