"""HTTP for the form that brings a photo."""

from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency

from backline.concerts import showing
from backline.concerts.models import Photo
from backline.concerts.takes import PHOTOS
from backline.platform.actor import Actor
from backline.platform.http.bodies import body_chunks
from backline.platform.media.signing import MediaSigner
from backline.uploads import Intake, take_form
from backline.uploads.web.forms import INTAKE, FormOperation, leave_the_body, length_of

_IS_NEW, _WAS_THERE = 202, 200


@post(
    "/photos",
    status_code=_IS_NEW,
    large_body=True,
    tags=["photos"],
    operation_class=FormOperation,
    summary="Upload a photo",
    dependencies=INTAKE,
    before_request=leave_the_body,
)
async def upload_photo(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    intake: NamedDependency[Intake],
    signer: NamedDependency[MediaSigner],
) -> Response[Photo]:
    """A form with one file in the field `file`. Many are better off with `/uploads`.

    The same bytes twice are one photo: then the answer is 200, with that one.
    """
    added = await take_form(
        intake,
        PHOTOS,
        actor,
        body_chunks(request.receive),
        content_type=request.headers.get("content-type"),
        length_bytes=length_of(request),
    )
    status = _IS_NEW if added.is_new else _WAS_THERE
    return Response(showing.photo(added.row, signer), status_code=status)


ROUTES = [upload_photo]
