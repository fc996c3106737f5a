"""HTTP for uploads: tus 1.0 (https://tus.io/protocols/resumable-upload)."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, delete, get, head, patch, post, route
from litestar.di import NamedDependency
from litestar.enums import HttpMethod
from litestar.exceptions import HTTPException, MethodNotAllowedException
from litestar.params import FromPath

from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.errors import BacklineError, Invalid, Unsupported
from backline.platform.front.application import API_PATH
from backline.platform.http import problems
from backline.platform.http.bodies import body_chunks
from backline.uploads import resumable
from backline.uploads.intake import Intake, Takers
from backline.uploads.resumable import TRACK, Checksum, Upload
from backline.uploads.web.description import BytesOperation
from backline.uploads.web.forms import INTAKE, leave_the_body
from backline.uploads.web.headers import (
    ALGORITHMS,
    VERSION,
    ChecksumHeader,
    Concat,
    Length,
    Metadata,
    Offset,
    TusVersion,
    check_version,
    check_whole,
    progress_headers,
    read_checksum,
    read_metadata,
    read_subject,
    written_metadata,
)

AnyRequest = Request[Any, Any, Any]

_TAGS = ["uploads"]
_EXTENSIONS = "creation,creation-with-upload,expiration,termination,checksum"
_BYTES = "application/offset+octet-stream"


@route("/", http_method=[HttpMethod.OPTIONS], status_code=204, tags=_TAGS, summary="What is spoken")
async def describe_uploads(takers: NamedDependency[Takers]) -> Response[None]:
    """The protocol's version, its extensions, and the largest file."""
    headers = {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": _EXTENSIONS,
        "Tus-Max-Size": str(max(takers.max_bytes.values(), default=0)),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }
    return Response(None, status_code=204, headers=headers)


@post("/", tags=_TAGS, operation_class=BytesOperation, summary="Begin a resumable upload")
async def create_upload(
    request: AnyRequest,
    actor: NamedDependency[Actor],
    intake: NamedDependency[Intake],
    length: Length,
    metadata: Metadata = None,
    checksum: ChecksumHeader = None,
    concat: Concat = None,
    version: TusVersion = None,
) -> Response[None]:
    """Answers with the upload's `Location`. The first bytes may come along as the body."""
    check_version(version)
    check_whole(concat)
    known = read_metadata(metadata)
    expected = read_checksum(checksum)
    upload = await resumable.create(
        intake,
        actor,
        length_bytes=length,
        filename=known.get("filename") or known.get("name") or "",
        content_type=known.get("filetype") or known.get("type") or "application/octet-stream",
        kind=known.get("kind") or TRACK,
        subject=read_subject(known),
    )
    if request.headers.get("content-type") == _BYTES:
        upload = await _take_first(request, actor, intake, upload, expected)
    headers = {"Location": f"{API_PATH}/uploads/{upload.id}", **progress_headers(upload)}
    return Response(None, status_code=201, headers=headers)


async def _take_first(
    request: AnyRequest, actor: Actor, intake: Intake, upload: Upload, checksum: Checksum | None
) -> Upload:
    """The bytes that came with the creation; if they fail, nobody knows the upload: it ends."""
    try:
        chunks = body_chunks(request.receive)
        return await resumable.append(intake, actor, upload.id, 0, chunks, checksum=checksum)
    except BacklineError:
        await resumable.end(intake, actor, upload.id)
        raise


@head("/{upload_id:uuid}", tags=_TAGS, summary="How far an upload is", primary=True)
async def head_upload(
    upload_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    takers: NamedDependency[Takers],
    version: TusVersion = None,
) -> Response[None]:
    """The answer is in the header `Upload-Offset`: resume there."""
    check_version(version)
    async with database.read() as read:
        upload = await resumable.get(read, takers, actor, upload_id)
    headers = {"Upload-Metadata": written_metadata(upload), **progress_headers(upload)}
    return Response(None, headers={"Cache-Control": "no-store", **headers})


@get("/{upload_id:uuid}", tags=_TAGS, summary="An upload", primary=True)
async def get_upload(
    upload_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    takers: NamedDependency[Takers],
) -> Response[Upload]:
    """Once it is whole it has a `track_id` and the `job_id` of the track's preparation."""
    async with database.read() as read:
        upload = await resumable.get(read, takers, actor, upload_id)
    return Response(upload, headers={"Cache-Control": "no-store"})


@patch(
    "/{upload_id:uuid}",
    status_code=204,
    tags=_TAGS,
    operation_class=BytesOperation,
    summary="Go on with an upload",
)
async def append_upload(
    upload_id: FromPath[UUID],
    request: AnyRequest,
    actor: NamedDependency[Actor],
    intake: NamedDependency[Intake],
    offset: Offset,
    checksum: ChecksumHeader = None,
    version: TusVersion = None,
) -> Response[None]:
    """Bytes from `Upload-Offset` on. What came is kept even if the connection breaks."""
    check_version(version)
    return await _append(upload_id, request, actor, intake, offset, read_checksum(checksum))


async def _append(
    upload_id: UUID,
    request: AnyRequest,
    actor: Actor,
    intake: Intake,
    offset: int,
    checksum: Checksum | None,
) -> Response[None]:
    if request.headers.get("content-type") != _BYTES:
        raise Unsupported(f"Send the bytes with the header Content-Type: {_BYTES}")
    chunks = body_chunks(request.receive)
    upload = await resumable.append(intake, actor, upload_id, offset, chunks, checksum=checksum)
    return Response(None, status_code=204, headers=progress_headers(upload))


@delete("/{upload_id:uuid}", tags=_TAGS, summary="Give an upload up")
async def delete_upload(
    upload_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    intake: NamedDependency[Intake],
    version: TusVersion = None,
) -> Response[None]:
    """Removes what came of it. A track that it has become stays."""
    check_version(version)
    await resumable.end(intake, actor, upload_id)
    return Response(None, status_code=204, headers={"Tus-Resumable": VERSION})


@post("/{upload_id:uuid}", status_code=204, include_in_schema=False)
async def override_method(
    upload_id: FromPath[UUID],
    request: AnyRequest,
    actor: NamedDependency[Actor],
    intake: NamedDependency[Intake],
) -> Response[None]:
    """For clients that can't say PATCH or DELETE (tus 1.0, X-HTTP-Method-Override)."""
    method = request.headers.get("x-http-method-override", "").upper()
    if not method:
        raise MethodNotAllowedException(headers={"Allow": "DELETE, GET, HEAD, PATCH"})
    check_version(request.headers.get("tus-resumable"))
    if method == "DELETE":
        await resumable.end(intake, actor, upload_id)
        return Response(None, status_code=204, headers={"Tus-Resumable": VERSION})
    offset = request.headers.get("upload-offset", "")
    if method != "PATCH" or not (offset.isascii() and offset.isdigit() and len(offset) <= 16):  # noqa: PLR2004
        raise Invalid("Send PATCH with the header Upload-Offset, or DELETE.")
    checksum = read_checksum(request.headers.get("upload-checksum"))
    return await _append(upload_id, request, actor, intake, int(offset), checksum)


def _on_fault(request: AnyRequest, fault: BacklineError) -> Response[bytes]:
    return _marked(problems.on_backline_error(request, fault))


def _on_http_fault(request: AnyRequest, fault: HTTPException) -> Response[bytes]:
    return _marked(problems.on_http_exception(request, fault))


def _marked(response: Response[bytes]) -> Response[bytes]:
    """Every answer but those to OPTIONS names the protocol's version, faults included."""
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Tus-Version"] = VERSION
    return response


ROUTES = [
    Router(
        "/uploads",
        route_handlers=[
            describe_uploads,
            create_upload,
            head_upload,
            get_upload,
            append_upload,
            delete_upload,
            override_method,
        ],
        dependencies=INTAKE,
        before_request=leave_the_body,
        exception_handlers={BacklineError: _on_fault, HTTPException: _on_http_fault},
        opt={"large_body": True},
    ),
]
