"""The API of a program: every domain's routes, what handlers are given, and the description."""

import inspect
from collections.abc import Mapping
from typing import Any

from litestar import Litestar
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from backline import __version__
from backline.platform.domain import EachTime, Program
from backline.platform.front.application import application, provide
from backline.platform.front.description import describe
from backline.platform.http import scopes


def routes(program: Program) -> list[ControllerRouterHandler]:
    """Everything under `/api/v1`; scopes are called after the domain that has the route."""
    declared = program.declared
    return [
        scopes.group(domain.scopes(declared) if domain.scopes else (domain.name,), domain.routes)
        for domain in program.domains
    ]


def make_api(program: Program, parts: Mapping[str, Any]) -> Litestar:
    """The application, whose handlers are given what their domains make of their `parts`."""
    return application(
        routes(program),
        dependencies={
            name: _provided(said, parts[domain.name])
            for domain in program.domains
            for name, said in domain.provides.items()
        },
        version=__version__,
    )


def _provided(said: Any, parts: Any) -> Provide:
    if isinstance(said, EachTime):
        is_async = inspect.iscoroutinefunction(said.make)
        return Provide(said.make, sync_to_thread=None if is_async else False)
    made = said.make(parts)
    return made if isinstance(made, Provide) else provide(made)


def api_description(program: Program) -> dict[str, Any]:
    """The OpenAPI description, without any server."""
    names = [name for domain in program.domains for name in domain.provides]
    dependencies = {name: provide(None) for name in names}
    return describe(application(routes(program), dependencies=dependencies, version=__version__))


def large_bodies(api: Litestar, program: Program) -> tuple[str, ...]:
    """The paths whose handlers bound their bodies themselves (`large_body=True`).

    With a slash at its end a path stands for all beneath.
    """
    paths = {
        route.path_format.partition("{")[0]
        for route in api.routes
        for handler in getattr(route, "route_handlers", ())
        if handler.opt.get("large_body")
    }
    doors = [door for domain in program.domains for door in domain.doors if door.has_large_bodies]
    return (*sorted(paths), *(door.prefix + end for door in doors for end in ("", "/")))
