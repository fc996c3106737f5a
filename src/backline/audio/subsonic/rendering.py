"""One description of an answer, written as JSON, JSONP or XML.

An answer is a Struct whose fields are called as in JSON. In XML what is plain becomes an attribute,
what is a Struct or a list becomes elements, and a `value` is the text of its element.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, Literal, cast

import msgspec

from backline import __version__

PROTOCOL: Final = "1.16.1"
Format = Literal["xml", "json", "jsonp"]
CONTENT_TYPES: Final[Mapping[Format, bytes]] = {
    "xml": b"text/xml; charset=utf-8",
    "json": b"application/json",
    "jsonp": b"application/javascript; charset=utf-8",
}

# Their plain fields are elements, too: so it was before there was JSON.
_ELEMENTS_ONLY = frozenset({"artistInfo", "artistInfo2", "albumInfo"})
_NESTED: Final = frozenset({dict, list})
_CALLBACK = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.]{0,99}")
# What XML 1.0 can't hold (§2.2), however it is written.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES: Final = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    # Else a reader would make spaces of them, or of a CR a LF (§2.11, §3.3.3).
    "\t": "&#9;",
    "\n": "&#10;",
    "\r": "&#13;",
}
_ESCAPED = re.compile('[&<>"\t\n\r]')


class Answer(msgspec.Struct, frozen=True):
    """What a call answers: `content` under `name`; without a name, that it went well."""

    name: str | None = None
    content: object = None


class Fault(msgspec.Struct, frozen=True):
    """Why a call failed."""

    code: int
    message: str


class _Head(msgspec.Struct, frozen=True, rename="camel"):
    status: Literal["ok", "failed"]
    version: str = PROTOCOL
    type: str = "backline"
    server_version: str = __version__
    open_subsonic: bool = True


def callback_of(said: str | None) -> str | None:
    """The function that JSONP calls; None where that is no name of one."""
    return said if said is not None and _CALLBACK.fullmatch(said) else None


def render(answer: Answer | Fault, form: Format, callback: str | None = None) -> bytes:
    """An answer as bytes; `callback` is needed for JSONP."""
    if isinstance(answer, Fault):
        head, name, content = _Head("failed"), "error", answer
    else:
        head, name, content = _Head("ok"), answer.name, answer.content
    if form == "xml":
        return _xml(head, name, content)
    body = msgspec.json.encode(head)
    if name is not None:
        body = b'%b,"%b":%b}' % (body[:-1], name.encode(), msgspec.json.encode(content))
    body = b'{"subsonic-response":%b}' % body
    if form == "json":
        return body
    # A comment first: these bytes are then nothing but a script, whatever they are taken for.
    return b"/**/%b(%b);" % ((callback or "").encode(), body)


def _xml(head: _Head, name: str | None, content: object) -> bytes:
    attributes = {"xmlns": "http://subsonic.org/restapi", **msgspec.to_builtins(head)}
    children = {} if name is None else {name: msgspec.to_builtins(content)}
    parts = _element("subsonic-response", {**attributes, **children})
    return ('<?xml version="1.0" encoding="UTF-8"?>' + "".join(parts)).encode()


def _element(name: str, content: object) -> Iterator[str]:
    """An element: of a mapping its attributes, text and children, of anything else its text."""
    if isinstance(content, list):
        for one in cast("list[object]", content):
            yield from _element(name, one)
        return
    if not isinstance(content, dict):
        yield f"<{name}>{_escaped(content)}</{name}>"
        return
    fields = cast("dict[str, object]", content)
    inner: list[str] = []
    yield f"<{name}"
    for key, value in fields.items():
        if key == "value":
            inner.append(_escaped(value))
        elif name in _ELEMENTS_ONLY or type(value) in _NESTED:
            inner.extend(_element(key, value))
        else:
            yield f' {key}="{_escaped(value)}"'
    if inner:
        yield ">"
        yield from inner
        yield f"</{name}>"
    else:
        yield "/>"


def _escaped(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = _UNFIT.sub("\ufffd", str(value))
    return _ESCAPED.sub(lambda found: _ESCAPES[found[0]], text)
