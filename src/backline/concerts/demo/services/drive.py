"""Google Drive v3: lists with time and place, changes since a token, bytes, thumbnails, OAuth."""

import re
import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from secrets import token_urlsafe
from typing import Any, Final

from msgspec import Struct

from backline.concerts.demo.services.drive_account import METADATA, READ, Account
from backline.concerts.demo.services.drive_fields import Mask, masked, parse
from backline.concerts.demo.services.drive_library import Change, File, Library, resource
from backline.concerts.demo.services.exchange import Answer, Refusal, Request, said
from backline.concerts.demo.services.pace import Clock

_FILES: Final = "/drive/v3/files"
_CHANGES: Final = "/drive/v3/changes"
_ABOUT: Final = "/drive/v3/about"
_THUMBNAILS: Final = "/thumbnails/"
_QUERY: Final = frozenset({"mimeType contains 'image/'", "trashed=false", "trashed = false"})
_USUAL: Final = 100
_MOST: Final = 1_000
_USUAL_OF: Final[Mapping[str, str]] = {
    "files": "kind,nextPageToken,incompleteSearch,files(kind,id,name,mimeType)",
    "changes": (
        "kind,nextPageToken,newStartPageToken,"
        "changes(kind,removed,fileId,time,changeType,file(kind,id,name,mimeType))"
    ),
    "file": "kind,id,name,mimeType",
}
_LINK_S: Final = 4 * 3_600
_RANGE: Final = re.compile(r"bytes=(\d+)-")


class _Invalid(Exception):
    """A parameter that isn't taken; the text is its name."""


class _Page(Struct, frozen=True):
    """Where a token goes on: in the changes, or in a list as it was when it began."""

    kind: str
    position: int
    files: Sequence[File] = ()


class Drive:
    """One person's Drive, at the addresses of the API, of OAuth and of thumbnails.

    Links of thumbnails last four hours by `clock` (seconds since 1970), and lead to where it is
    served, at `prefix`.
    """

    def __init__(
        self,
        library: Library,
        *,
        client_id: str = "demo",
        client_secret: str = "demo",  # noqa: S107  # what a stand-in takes is no secret
        clock: Clock = time.time,
        prefix: str = "",
    ) -> None:
        self.library, self._clock, self._prefix = library, clock, prefix
        self.account = Account(client_id, client_secret, clock)
        self.person, self.person_id = "Ada Lovelace", "01234567890123456789"
        self.address = "ada@example.com"
        self._pages: dict[str, _Page] = {}
        self._links: dict[str, tuple[str, float]] = {}

    def end_links(self) -> None:
        """Forget every link to a thumbnail, as happens after some hours."""
        self._links.clear()

    def reject_tokens(self) -> None:
        """Forget every page token, as happens to old ones."""
        self._pages.clear()

    def answer(self, request: Request) -> Answer:
        """OAuth needs no token, everything else does."""
        match request.method, request.path:
            case "GET", "/o/oauth2/v2/auth":
                return self.account.consent(request.query)
            case "POST", "/token":
                return self.account.token(request)
            case "POST", "/revoke":
                return self.account.give_back(request)
            case _, path if path.startswith(_THUMBNAILS):
                return self._thumbnail(request, path.removeprefix(_THUMBNAILS))
            case _:
                return self._api(request)

    def refuse(self, how: Refusal) -> Answer:
        """Whoever asks too often is told so in one of two ways."""
        if how == "too many":
            return _fault(429, "global", "rateLimitExceeded", "Rate Limit Exceeded")
        if how == "over quota":
            return _fault(403, "usageLimits", "userRateLimitExceeded", "User Rate Limit Exceeded.")
        if how == "unavailable":
            return _fault(503, "global", "backendError", "Transient failure.")
        return _fault(500, "global", "internalError", "Internal Error.")

    def _api(self, request: Request) -> Answer:
        scopes = self.account.scopes(request)
        if not scopes:
            return _fault(401, "global", "authError", "Invalid Credentials", "Authorization")
        if not scopes & {METADATA, READ}:
            return _fault(403, "global", "insufficientPermissions", "Insufficient Permission")
        try:
            return self._shown(request, may_read=READ in scopes)
        except _Invalid as fault:
            name = str(fault)
            return _fault(400, "global", "invalid", f"Invalid Value: {name}", name, "parameter")

    def _shown(self, request: Request, *, may_read: bool) -> Answer:
        if request.path == _ABOUT:
            if not request.query.get("fields"):
                raise _Invalid("fields")  # it has no usual ones
            user = {
                "kind": "drive#user",
                "displayName": self.person,
                "me": True,
                "permissionId": self.person_id,
                "emailAddress": self.address,
            }
            return said(masked({"kind": "drive#about", "user": user}, _mask(request, "file")))
        if request.path == _FILES:
            return said(self._list(request, may_read=may_read))
        if request.path == f"{_CHANGES}/startPageToken":
            token = self._token(_Page("changes", self.library.position))
            return said({"kind": "drive#startPageToken", "startPageToken": token})
        if request.path == _CHANGES:
            return said(self._changed(request, may_read=may_read))
        return self._one(request, may_read=may_read)

    def _one(self, request: Request, *, may_read: bool) -> Answer:
        file_id = request.path.removeprefix(f"{_FILES}/")
        file = self.library.get(file_id)
        if file is None:
            text = f"File not found: {file_id}."
            return _fault(404, "global", "notFound", text, "fileId", "parameter")
        if request.query.get("alt") == "media":
            if not may_read:
                return _fault(403, "global", "insufficientPermissions", "Insufficient Permission")
            return _part(file.content(), request.header("range"), file.mime_type)
        shown = self._file(request, file, may_read=may_read)
        return said(masked(shown, _mask(request, "file")))

    def _list(self, request: Request, *, may_read: bool) -> dict[str, Any]:
        conditions = [one.strip() for one in request.query.get("q", "").split(" and ") if one]
        if not _QUERY.issuperset(conditions):
            raise _Invalid("q")
        size, mask = _size(request), _mask(request, "files")
        if request.query.get("pageToken"):
            page = self._page(request, "files")
        else:
            page = _Page(
                "files", 0, [one for one in self.library.files() if _fits(one, conditions)]
            )
        end = page.position + size
        answer: dict[str, Any] = {
            "kind": "drive#fileList",
            "incompleteSearch": False,
            "files": [
                self._file(request, one, may_read=may_read)
                for one in page.files[page.position : end]
            ],
        }
        if end < len(page.files):
            answer["nextPageToken"] = self._token(_Page("files", end, page.files))
        return masked(answer, mask)

    def _changed(self, request: Request, *, may_read: bool) -> dict[str, Any]:
        start, size = self._page(request, "changes").position, _size(request)
        found = self.library.changes(start, size)
        answer: dict[str, Any] = {
            "kind": "drive#changeList",
            "changes": [self._change(request, one, may_read=may_read) for one in found],
        }
        end = start + len(found)
        name = "nextPageToken" if end < self.library.position else "newStartPageToken"
        answer[name] = self._token(_Page("changes", end))
        return masked(answer, _mask(request, "changes"))

    def _change(self, request: Request, one: Change, *, may_read: bool) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "kind": "drive#change",
            "changeType": "file",
            "fileId": one.file_id,
            "removed": one.file is None,
            "time": one.at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        }
        if one.file is not None:
            shown["file"] = self._file(request, one.file, may_read=may_read)
        return shown

    def _file(self, request: Request, file: File, *, may_read: bool) -> dict[str, Any]:
        """With a link to its thumbnail for those who may read it and ask for the link."""
        wants_link = may_read and "thumbnailLink" in request.query.get("fields", "")
        return resource(file, thumbnail=self._link(request, file) if wants_link else None)

    def _link(self, request: Request, file: File) -> str:
        token = token_urlsafe(12)
        self._links[token] = file.id, self._clock() + _LINK_S
        return f"http://{request.header('host')}{self._prefix}{_THUMBNAILS}{token}=s220"

    def _thumbnail(self, request: Request, name: str) -> Answer:
        if READ not in self.account.scopes(request):
            return Answer(b"", HTTPStatus.FORBIDDEN, "text/html")
        file_id, until_s = self._links.get(name.partition("=")[0], ("", 0.0))
        file = self.library.get(file_id)
        if file is None or until_s <= self._clock():
            return Answer(b"", HTTPStatus.NOT_FOUND, "text/html")
        small = file.thumbnail or file.content
        return Answer(small(), content_type="image/jpeg")

    def _token(self, page: _Page) -> str:
        token = str(page.position) if page.kind == "changes" else f"~!!~{token_urlsafe(12)}"
        self._pages[token] = page
        return token

    def _page(self, request: Request, kind: str) -> _Page:
        page = self._pages.get(request.query.get("pageToken", ""))
        if page is None or page.kind != kind:
            raise _Invalid("pageToken")
        return page


def _part(content: bytes, wanted: str, content_type: str) -> Answer:
    """The bytes from a place on, or all of them (RFC 9110 §14)."""
    found = _RANGE.fullmatch(wanted)
    if found is None:
        return Answer(content, content_type=content_type)
    start, size = int(found[1]), len(content)
    if start >= size:
        told = [("Content-Range", f"bytes */{size}")]
        return Answer(b"", HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "text/html", told)
    told = [("Content-Range", f"bytes {start}-{size - 1}/{size}")]
    return Answer(content[start:], HTTPStatus.PARTIAL_CONTENT, content_type, told)


def _fits(file: File, conditions: list[str]) -> bool:
    is_image = file.mime_type.startswith("image/")
    return all(
        is_image if one.startswith("mimeType") else not file.is_trashed for one in conditions
    )


def _size(request: Request) -> int:
    text = request.query.get("pageSize", str(_USUAL))
    if not text.isdigit() or not 1 <= int(text) <= _MOST:
        raise _Invalid("pageSize")
    return int(text)


def _mask(request: Request, kind: str) -> Mask:
    try:
        return parse(request.query.get("fields") or _USUAL_OF[kind])
    except ValueError as fault:
        raise _Invalid("fields") from fault


def _fault(
    code: int, domain: str, reason: str, message: str, location: str = "", kind: str = "header"
) -> Answer:
    where = {"locationType": kind, "location": location} if location else {}
    errors = [{"domain": domain, "reason": reason, "message": message, **where}]
    return said({"error": {"code": code, "errors": errors, "message": message}}, HTTPStatus(code))
