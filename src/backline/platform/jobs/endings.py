"""What a handler raises to end its attempt; whatever else it raises is a failure like any."""


class LeaseLost(Exception):
    """The job is no longer this attempt's: cancelled, or given to another worker."""


class GiveUp(Exception):
    """Raised by a handler for what no further attempt can mend; the text is for people."""


class Later(Exception):
    """Raised by a handler for what isn't its job's fault and will pass, such as a full disk.

    The job is queued again for about `after_s` from now, and the attempt isn't counted; the text
    is for people.
    """

    def __init__(self, reason: str, *, after_s: float = 60.0) -> None:
        super().__init__(reason)
        self.after_s = after_s
