"""Forms with a file: taken in as they arrive, or refused without a trace."""

import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from backline.platform.errors import BacklineError, Invalid, TooLarge, Unsupported
from backline.platform.http.bodies import ClientGone
from backline.platform.storage import FolderStaging
from backline.uploads.multipart import Received, receive_file
from backline.uploads.names import clean_filename

TYPE = "multipart/form-data; boundary=XX"
END = b"--XX--\r\n"


@pytest.fixture
def staging(tmp_path: Path) -> FolderStaging:
    made = FolderStaging(tmp_path / "staging", floor_bytes=0)
    made.prepare()
    return made


def part(name: str, data: bytes, filename: str | None = None, kind: str = "") -> bytes:
    head = f'--XX\r\nContent-Disposition: form-data; name="{name}"'
    head += f'; filename="{filename}"' if filename is not None else ""
    head += f"\r\nContent-Type: {kind}" if kind else ""
    return head.encode() + b"\r\n\r\n" + data + b"\r\n"


async def sent(body: bytes, size: int = 1000, *, whole: bool = True) -> AsyncIterator[bytes]:
    for at in range(0, len(body), size):
        yield body[at : at + size]
    if not whole:
        raise ClientGone("gone")


async def receive(
    staging: FolderStaging, body: bytes, size: int = 1000, limit: int = 10**7
) -> Received:
    return await receive_file(sent(body, size), TYPE, staging, limit_bytes=limit)


async def test_takes_the_file_and_the_fields_around_it(staging: FolderStaging) -> None:
    data = os.urandom(100_000)
    body = part("before", b"1") + part("file", data, "Song.flac", "audio/flac")
    body += part("after", "zwölf".encode()) + END

    came = await receive(staging, body)

    assert came.fields == {"before": "1", "after": "zwölf"}
    assert (came.filename, came.content_type) == ("Song.flac", "audio/flac")
    assert came.staged.sha256 == hashlib.sha256(data).hexdigest()
    assert staging.path(came.staged.id).read_bytes() == data


@pytest.mark.parametrize("charset", ["utf-8", "latin1", "cp1252"])
async def test_a_name_is_read_whatever_it_is_written_in(
    staging: FolderStaging, charset: str
) -> None:
    head = '--XX\r\nContent-Disposition: form-data; name="file"; filename="Björk à Paris.mp3"'

    came = await receive(staging, head.encode(charset) + b"\r\n\r\nx\r\n" + END)

    assert came.filename == "Björk à Paris.mp3"


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.binary(min_size=1, max_size=300), st.integers(1, 50))
async def test_any_bytes_in_any_chunks_arrive_unchanged(
    staging: FolderStaging, data: bytes, size: int
) -> None:
    noise = b"\r\n--X" + data + b"\r\n--XY" + data
    assume(b"\r\n--XX" not in noise)

    came = await receive(staging, part("file", noise, "a") + END, size)

    assert staging.path(came.staged.id).read_bytes() == noise


@pytest.mark.parametrize(
    ("body", "fault", "told"),
    [
        (part("other", b"x") + END, Invalid, "no file"),
        (part("file", b"x") + END, Invalid, "no file"),
        (part("file", b"", "a") + END, Invalid, "empty"),
        (part("file", b"x", "a") + part("file", b"y", "b") + END, Invalid, "One file"),
        (part("file", b"x", "a"), Invalid, "broken"),
        (part("file", b"x", "a") + b"--XX", Invalid, "broken"),
        (b"not a form at all", Invalid, "broken"),
        (b"", Invalid, "broken"),
        (part("file", b"x", "a") + part("n", b"\xff") + END, Invalid, "UTF-8"),
        (part("file", b"x", "a") + part("n", b"a\0b") + END, Invalid, "NUL"),
        (part("n", b"x" * 5000) + part("file", b"x", "a") + END, TooLarge, "4096"),
        (part("n", b"x") * 20 + part("file", b"x", "a") + END, TooLarge, "many parts"),
        (b"--XX\r\nX-Long: " + b"x" * 9000 + b"\r\n\r\n", TooLarge, "long headers"),
        (b"--XX\r\n" + b"X-Y: z\r\n" * 50 + b"\r\n", TooLarge, "headers"),
        (part("file", b"x" * 300_001, "a") + END, TooLarge, "More bytes"),
        (b"x" * 900_000 + b"\r\n" + part("file", b"x", "a") + END, TooLarge, "larger"),
    ],
)
async def test_what_is_refused_leaves_nothing(
    staging: FolderStaging, body: bytes, fault: type[BacklineError], told: str
) -> None:
    with pytest.raises(fault, match=told):
        await receive(staging, body, limit=300_000)

    assert list(staging.folder.iterdir()) == []


@pytest.mark.parametrize("cut", [30, 1000, 5000])
async def test_a_client_that_goes_away_leaves_nothing(staging: FolderStaging, cut: int) -> None:
    body = (part("file", bytes(4000), "a") + part("n", bytes(2000)))[:cut]

    with pytest.raises(ClientGone):
        await receive_file(sent(body, 100, whole=False), TYPE, staging, limit_bytes=10**6)

    assert list(staging.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("content_type", "fault"),
    [(None, Unsupported), ("", Unsupported), ("application/json", Unsupported),
     ("multipart/form-data", Invalid), ("multipart/form-data; boundary=", Invalid),
     ("multipart/form-data; boundary=" + "x" * 71, Invalid),
     ('multipart/form-data; boundary="a\nb"', Invalid)],
)  # fmt: skip
async def test_odd_types_are_refused(
    staging: FolderStaging, content_type: str | None, fault: type[BacklineError]
) -> None:
    with pytest.raises(fault):
        await receive_file(sent(END), content_type, staging, limit_bytes=10)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [("Song.mp3", "Song.mp3"), ("../../etc/passwd", "passwd"), ("C:\\Music\\a.mp3", "a.mp3"),
     ("a\r\nX-Bad: 1\0.mp3", "aX-Bad: 1.mp3"), ("", "unnamed"), ("/", "unnamed"),
     ("\u202eexe.mp3", "exe.mp3"), ("x" * 300 + ".flac", "x" * 250 + ".flac"),
     ("y" * 300, "y" * 255), ("  a  ", "a"), ("\u200d", "unnamed"),
     ("क\u200cष.mp3", "क\u200cष.mp3"),
     ("👩\u200d🎤.flac", "👩\u200d🎤.flac")],
)  # fmt: skip
def test_filenames_are_cleaned(given_name: str, kept: str) -> None:
    assert clean_filename(given_name) == kept
