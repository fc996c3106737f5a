"""HTTP for uploads: tus 1.0 (https://tus.io/protocols/resumable-upload) and a plain form."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, delete, get, head, patch, post, route
from litestar.di import NamedDependency, Provide
from litestar.enums import HttpMethod
from litestar.exceptions import HTTPException, MethodNotAllowedException
from litestar.params import FromPath

from backline.audio import intake as intakes
from backline.audio import tracks, uploads
from backline.audio.intake import Intake
from backline.audio.models import Track
from backline.audio.settings import AudioSettings
from backline.audio.uploads import Checksum, Upload
from backline.audio.uploads_description import BytesOperation, FormOperation
from backline.audio.uploads_headers import (
    ALGORITHMS,
    VERSION,
    ChecksumHeader,
    Length,
    Metadata,
    Offset,
    TusVersion,
    check_version,
    progress_headers,
    read_checksum,
    read_metadata,
    written_metadata,
)
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.errors import BacklineError, Invalid, Unsupported
from backline.platform.http import problems
from backline.platform.http.application import API_PATH
from backline.platform.http.bodies import body_chunks
from backline.platform.signing import MediaSigner
from backline.platform.storage import Staging, Storage

AnyRequest = Request[Any, Any, Any]

_TAGS = ["uploads"]
_EXTENSIONS = "creation,creation-with-upload,expiration,termination,checksum"
_BYTES = "application/offset+octet-stream"


@route("/", http_method=[HttpMethod.OPTIONS], status_code=204, tags=_TAGS, summary="What is spoken")
async def describe_uploads(audio: NamedDependency[AudioSettings]) -> Response[None]:
    """The protocol's version, its extensions, and the largest file."""
    headers = {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": _EXTENSIONS,
        "Tus-Max-Size": str(audio.max_upload_bytes),
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
    version: TusVersion = None,
) -> Response[None]:
    """Answers with the upload's `Location`. The first bytes may come along as the body."""
    check_version(version)
    known = read_metadata(metadata)
    expected = read_checksum(checksum)
    upload = await uploads.create(
        intake,
        actor,
        length_bytes=length,
        filename=known.get("filename") or known.get("name") or "",
        content_type=known.get("filetype") or known.get("type") or "application/octet-stream",
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
        return await uploads.append(intake, actor, upload.id, 0, chunks, checksum=checksum)
    except BacklineError:
        await uploads.end(intake.database, intake.staging, actor, upload.id)
        raise


@head("/{upload_id:uuid}", tags=_TAGS, summary="How far an upload is", primary=True)
async def head_upload(
    upload_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    version: TusVersion = None,
) -> Response[None]:
    """The answer is in the header `Upload-Offset`: resume there."""
    check_version(version)
    async with database.read() as read:
        upload = await uploads.get(read, actor, upload_id)
    headers = {"Upload-Metadata": written_metadata(upload), **progress_headers(upload)}
    return Response(None, headers={"Cache-Control": "no-store", **headers})


@get("/{upload_id:uuid}", tags=_TAGS, summary="An upload", primary=True)
async def get_upload(
    upload_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Upload]:
    """Once it is whole it has a `track_id` and the `job_id` of the track's preparation."""
    async with database.read() as read:
        upload = await uploads.get(read, actor, upload_id)
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
    upload = await uploads.append(intake, actor, upload_id, offset, chunks, checksum=checksum)
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
    await uploads.end(intake.database, intake.staging, actor, upload_id)
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
        await uploads.end(intake.database, intake.staging, actor, upload_id)
        return Response(None, status_code=204, headers={"Tus-Resumable": VERSION})
    offset = request.headers.get("upload-offset", "")
    if method != "PATCH" or not (offset.isascii() and offset.isdigit() and len(offset) <= 16):  # noqa: PLR2004
        raise Invalid("Send PATCH with the header Upload-Offset, or DELETE.")
    checksum = read_checksum(request.headers.get("upload-checksum"))
    return await _append(upload_id, request, actor, intake, int(offset), checksum)


async def provide_intake(
    database: NamedDependency[Database],
    storage: NamedDependency[Storage],
    staging: NamedDependency[Staging],
    audio: NamedDependency[AudioSettings],
) -> Intake:
    """Where uploads go; injected as `intake`."""
    return Intake(database, storage, staging, audio)


async def _leave_the_body(_request: AnyRequest) -> None:
    """In place of the application's look into JSON bodies: these bodies only stream."""


@post(
    "/tracks",
    status_code=202,
    tags=["audio"],
    operation_class=FormOperation,
    summary="Upload a track",
    dependencies={"intake": Provide(provide_intake)},
    before_request=_leave_the_body,
)
async def upload_track(
    request: AnyRequest,
    actor: NamedDependency[Actor],
    intake: NamedDependency[Intake],
    signer: NamedDependency[MediaSigner],
) -> Track:
    """A form with one file in the field `file`. Large files are better off with `/uploads`."""
    length = request.headers.get("content-length", "")
    row = await intakes.take_form(
        intake,
        actor,
        body_chunks(request.receive),
        content_type=request.headers.get("content-type"),
        length_bytes=int(length) if length.isascii() and length.isdigit() else None,
    )
    return tracks.shown(row, signer)


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
    upload_track,
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
        dependencies={"intake": Provide(provide_intake)},
        before_request=_leave_the_body,
        exception_handlers={BacklineError: _on_fault, HTTPException: _on_http_fault},
    ),
]
