"""What handlers of a test's own application are given."""

from typing import Any

from litestar.di import Provide


def provide(value: object) -> Provide:
    """The same for every request."""

    def get() -> Any:
        return value

    return Provide(get, sync_to_thread=False)
