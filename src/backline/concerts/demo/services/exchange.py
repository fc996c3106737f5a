"""Requests and answers of the stand-ins, and what a service has to be."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, Literal, Protocol
from xml.sax.saxutils import escape

import msgspec
from msgspec import Struct

Refusal = Literal["too many", "over quota", "unavailable", "broken"]
# What programs call themselves whose authors haven't thought of it.
_NOBODY: Final = re.compile(r"(?i)^(python|httpx|aiohttp|curl|wget|go-http|node|okhttp|java)\b|^$")


class Request(Struct, frozen=True):
    """One request, read whole. `beside` is how many others are under way at the same service."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""
    beside: int = 0

    def header(self, name: str) -> str:
        """What it says in a header, by its name in lower case."""
        return self.headers.get(name, "")

    @property
    def is_named(self) -> bool:
        """Whether it says what program it comes from, as policies demand."""
        return not _NOBODY.match(self.header("user-agent"))


class Answer(Struct, frozen=True):
    """One answer, sent whole unless it is spoiled on purpose."""

    body: bytes
    status: HTTPStatus = HTTPStatus.OK
    content_type: str = "application/json"
    headers: Sequence[tuple[str, str]] = ()


class Service(Protocol):
    """A stand-in's mind: it answers what it is asked, and refuses in its own words."""

    def answer(self, request: Request) -> Answer:
        """Answer at once; waiting is the server's business."""
        ...

    def refuse(self, how: Refusal) -> Answer:
        """What it says when it is overrun, at the end of a quota, down, or failing half-way."""
        ...


def said(value: Any, status: HTTPStatus = HTTPStatus.OK, **headers: str) -> Answer:
    """An answer in JSON; names of headers have `_` for `-`."""
    named = [(name.replace("_", "-"), text) for name, text in headers.items()]
    return Answer(msgspec.json.encode(value), status, headers=named)


def page(text: str, status: HTTPStatus) -> Answer:
    """An answer in HTML, as servers in front of a service give it."""
    body = f"<html><head><title>{status} {status.phrase}</title></head><body>{text}</body></html>"
    return Answer(body.encode(), status, "text/html; charset=utf-8")


def xml(root: str, value: Mapping[str, object]) -> Answer:
    """An answer in XML, for those who forgot to ask for JSON."""
    lines = "".join(
        f"<{name}>{escape(str(one))}</{name}>"
        for name, one in value.items()
        if isinstance(one, str | int | float)
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return Answer(f"{head}<{root}>{lines}</{root}>".encode(), content_type="application/xml")
