"""Confined processes for tests: a zygote of the test's own."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from backline.platform.confined import Confinement, fork_zygote


@asynccontextmanager
async def confined(preload: Sequence[str] = ()) -> AsyncIterator[Confinement]:
    """A confinement that ends with the `async with`."""
    async with Confinement(fork_zygote(preload)) as confinement:
        yield confinement
