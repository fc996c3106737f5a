"""What all lists share: their parameters, and the `Link` to the next page.

A page has `items` and `next_cursor`; the link follows from it, so no handler writes one.
"""

from typing import Annotated, Any
from urllib.parse import quote_from_bytes

from litestar.params import QueryParameter

Limit = Annotated[int, QueryParameter(ge=1, le=100, description="How many items at the most")]
Cursor = Annotated[
    str | None,
    QueryParameter(max_length=500, description="`next_cursor` of the page before"),
]
Search = Annotated[str, QueryParameter(max_length=200, description="Words to look for")]

_NAME = b"cursor="
_QUERY = "%&=+-._~!$'()*,;:@/?"  # what may stand in a query (RFC 3986 §3.4)


def next_link(page: Any, query: bytes) -> bytes | None:
    """The `Link` (RFC 8288) from a page to the next one, relative to its own address.

    `query` is how the page was asked for: the next one has the same filters and sort. None where
    `page` is the last one, or no page at all.
    """
    cursor: str | None = getattr(page, "next_cursor", None)
    if cursor is None:
        return None
    kept = [said for said in query.split(b"&") if said and not said.startswith(_NAME)]
    asked = quote_from_bytes(b"&".join([*kept, _NAME + cursor.encode()]), safe=_QUERY)
    return f'<?{asked}>; rel="next"'.encode()
