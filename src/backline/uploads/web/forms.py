"""What a handler needs that takes in a form of its own; what the form becomes is its domain's."""

from typing import Any

from litestar import Request
from litestar.di import NamedDependency, Provide

from backline.platform.database import Database
from backline.platform.storage import Staging, Storage
from backline.uploads.intake import Intake, Takers
from backline.uploads.web.description import FormOperation

AnyRequest = Request[Any, Any, Any]


async def provide_intake(
    database: NamedDependency[Database],
    storage: NamedDependency[Storage],
    staging: NamedDependency[Staging],
    takers: NamedDependency[Takers],
) -> Intake:
    """Where uploads go; injected as `intake`."""
    return Intake(database, storage, staging, takers)


async def leave_the_body(_request: AnyRequest) -> None:
    """In place of the application's look into JSON bodies: these bodies only stream."""


def length_of(request: AnyRequest) -> int | None:
    """How long the body says that it is, in bytes."""
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else None


INTAKE = {"intake": Provide(provide_intake)}

__all__ = ["INTAKE", "FormOperation", "leave_the_body", "length_of", "provide_intake"]
