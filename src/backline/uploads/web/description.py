"""How the bodies of uploads are described in OpenAPI: they stream, so no type says it."""

from dataclasses import dataclass

from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat

_BINARY = Schema(
    type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY, description="The file's bytes"
)
_FORM = Schema(type=OpenAPIType.OBJECT, properties={"file": _BINARY}, required=["file"])


@dataclass
class FormOperation(Operation):
    """Takes a form with one file."""

    def __post_init__(self) -> None:
        media_type = OpenAPIMediaType(schema=_FORM)
        self.request_body = RequestBody(content={"multipart/form-data": media_type}, required=True)


@dataclass
class BytesOperation(Operation):
    """Takes the bytes of a part of a file."""

    def __post_init__(self) -> None:
        media_type = OpenAPIMediaType(schema=_BINARY)
        self.request_body = RequestBody(content={"application/offset+octet-stream": media_type})
