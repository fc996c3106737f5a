"""A breaker around a service outside of the process: after failures in a row it isn't asked."""

import time


class Breaker:
    """Closed, until `failures` calls in a row have failed; then open for `open_s` seconds.

    After that one trial is let through at a time: its success closes the breaker, its failure
    opens it again. A trial that never reports back counts as failed after `open_s`.
    """

    def __init__(self, *, failures: int = 5, open_s: float = 10.0) -> None:
        self._limit, self._open_s = failures, open_s
        self._failures = 0
        self._closed_again_s = 0.0

    def allows(self) -> bool:
        """Whether the service may be asked now; whoever is let through has to report."""
        if self._failures < self._limit:
            return True
        now_s = time.monotonic()
        if now_s < self._closed_again_s:
            return False
        self._closed_again_s = now_s + self._open_s
        return True

    @property
    def is_open(self) -> bool:
        """Whether calls are refused or on trial."""
        return self._failures >= self._limit

    def succeeded(self) -> None:
        """Report an answer."""
        self._failures = 0

    def failed(self) -> None:
        """Report that there was none."""
        self._failures += 1
        if self._failures >= self._limit:
            self._closed_again_s = time.monotonic() + self._open_s
