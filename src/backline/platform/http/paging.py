"""The parameters that all lists share."""

from typing import Annotated

from litestar.params import QueryParameter

Limit = Annotated[int, QueryParameter(ge=1, le=100, description="How many items at the most")]
Cursor = Annotated[
    str | None,
    QueryParameter(max_length=500, description="`next_cursor` of the page before"),
]
Search = Annotated[str, QueryParameter(max_length=200, description="Words to look for")]
