"""The API of a program: every domain's routes, what handlers are given, and the description."""

import inspect
from collections.abc import Mapping
from typing import Any

from litestar import Litestar, Request
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from backline import __version__
from backline.platform.domain import ByRequest, EachTime, Once, Program
from backline.platform.front.application import application
from backline.platform.front.description import describe
from backline.platform.http import scopes


def routes(program: Program) -> list[ControllerRouterHandler]:
    """Everything under `/api/v1`; scopes are called after the domain that has the route."""
    declared = program.declared
    return [
        scopes.group(domain.scopes(declared) if domain.scopes else (domain.name,), domain.routes)
        for domain in program.domains
    ]


class Api:
    """A program's API: the application, `app`, and what its handlers are given.

    To register all handlers takes half a second, to give them other parts next to nothing.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self._made: dict[str, Any] = {}
        self.app = application(
            routes(program),
            dependencies={
                name: _provided(name, said, self._made)
                for domain in program.domains
                for name, said in domain.provides.items()
            },
            version=__version__,
        )

    def give(self, parts: Mapping[str, Any]) -> None:
        """From now on handlers are given what their domains make of these `parts`."""
        for domain in self._program.domains:
            for name, said in domain.provides.items():
                if not isinstance(said, EachTime):
                    self._made[name] = said.make(parts[domain.name])


def _provided(name: str, said: Once | ByRequest | EachTime, made: Mapping[str, Any]) -> Provide:
    """How handlers come to a value: what is made of parts is looked up when it is asked for."""

    def once() -> Any:
        return made[name]

    def by_request(request: Request[Any, Any, Any]) -> Any:
        return made[name](request)

    if isinstance(said, EachTime):
        is_async = inspect.iscoroutinefunction(said.make)
        return Provide(said.make, sync_to_thread=None if is_async else False)
    return Provide(once if isinstance(said, Once) else by_request, sync_to_thread=False)


def api_description(program: Program) -> dict[str, Any]:
    """The OpenAPI description, without any server."""
    return describe(Api(program).app)


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
