"""What a text in JSON may be to be read at all, whoever reads it and whatever it is called."""

import re

from backline.platform.errors import Invalid

_DEEPEST = 64
# A NUL in a JSON string is always written `\u0000`; an even number of backslashes before it
# makes it plain text.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def check_json(body: bytes) -> None:
    """Refuse what decoders stumble over; whether it is JSON, and fits, they find out.

    NUL is refused since PostgreSQL's text can't hold it.

    Raises:
        Invalid: it holds NUL, isn't UTF-8, or is nested too deep.
    """
    if b"\\u0000" in body and _NUL.search(body):
        raise Invalid("The body holds a NUL character (\\u0000). Leave it out.")
    if not body.isascii():
        try:
            body.decode()
        except UnicodeDecodeError as fault:
            raise Invalid("The body isn't UTF-8.") from fault
    if _is_deep(body):
        raise Invalid(f"The body is nested deeper than {_DEEPEST} levels.")


def _is_deep(body: bytes) -> bool:
    if body.count(b"[") + body.count(b"{") <= _DEEPEST:
        return False
    brackets = _STRING.sub(b"", body).translate(None, _NOT_BRACKETS)
    for _ in range(_DEEPEST):
        shorter = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if len(shorter) == len(brackets):
            break
        brackets = shorter
    return brackets.count(b"[") + brackets.count(b"{") > _DEEPEST
