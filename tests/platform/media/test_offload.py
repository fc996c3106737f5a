"""Who is told to send a file, and with which headers."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from backline.platform.media import StoredFile
from backline.platform.media.offload import Asked, offload_of
from backline.platform.media.ranges import ByteRange
from backline.platform.media.signing import Grant
from backline.platform.settings.storage_url import storage_url
from backline.platform.storage.presigned import Credentials, Presign

NOW = datetime(2026, 5, 1, 12, 0, 1, tzinfo=UTC)
PREFIX = "tracks/owner/track/g1"
PRESIGN = Presign(
    storage_url("s3://media?region=eu-west-1"), Credentials("key", "secret", "token"), "objects"
)


def asked(name: str = "high.m4a", *, method: str = "GET", now: datetime = NOW) -> Asked:
    file = StoredFile(f"{PREFIX}/{name}", 1000, NOW, "audio/flac", "My Söng.flac")
    grant = Grant(PREFIX, name, datetime(2026, 5, 1, 14, tzinfo=UTC))
    return Asked(method, file, grant, ByteRange(5, 10), now)


def headers(mode: str, presign: Presign | None, request: Asked) -> dict[str, str]:
    offload = offload_of(mode, presign)
    assert offload is not None
    handed = offload(request)
    assert handed is not None
    return {name.decode(): value.decode() for name, value in handed.headers}


def test_nobody_else_sends_unless_told() -> None:
    assert offload_of("none", PRESIGN) is None
    assert offload_of("redirect", None) is None


def test_a_redirect_leads_to_s3_within_the_life_of_the_address() -> None:
    sent = headers("redirect", PRESIGN, asked())

    url = urlsplit(sent["location"])
    said = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert url.netloc == "media.s3.eu-west-1.amazonaws.com"
    assert url.path == f"/objects/{PREFIX}/high.m4a"
    assert (said["X-Amz-Date"], said["X-Amz-Expires"]) == ("20260501T120000Z", "7200")
    assert said["response-content-type"] == "audio/flac"
    assert "S%C3%B6ng" in said["response-content-disposition"]
    assert said["response-cache-control"] == "public, max-age=7200, immutable"
    assert sent["cache-control"] == "public, max-age=300"


def test_a_redirect_is_the_same_for_a_while_and_never_outlives_its_grant() -> None:
    first = headers("redirect", PRESIGN, asked())["location"]
    same = headers("redirect", PRESIGN, asked(now=NOW + timedelta(minutes=14)))["location"]
    late = headers("redirect", PRESIGN, asked(now=NOW + timedelta(minutes=119)))

    assert first == same != late["location"]
    assert "X-Amz-Expires=900&" in late["location"]
    assert late["cache-control"] == "public, max-age=59"


def test_what_ends_before_its_address_is_kept_no_longer() -> None:
    now = NOW + timedelta(minutes=14)
    request = asked(now=now)
    until = now + timedelta(minutes=10)
    ends = msgspec.structs.replace(
        request,
        file=msgspec.structs.replace(request.file, until=until),
        grant=msgspec.structs.replace(request.grant, expires_at=until),
    )

    url = urlsplit(headers("redirect", PRESIGN, ends)["location"])

    said = parse_qs(url.query)
    assert said["response-cache-control"] == ["public, max-age=600, immutable"]
    assert said["X-Amz-Expires"] == ["1441"]  # from the quarter's begin


def test_head_has_an_address_of_its_own() -> None:
    get, head = (headers("redirect", PRESIGN, asked(method=m))["location"] for m in ("GET", "HEAD"))

    assert get != head


@pytest.mark.parametrize("name", ["master.m3u8", "manifest.mpd"])
def test_manifests_stay_ours(name: str) -> None:
    offload = offload_of("redirect", PRESIGN)

    assert offload is not None
    assert offload(asked(name)) is None


def test_nginx_is_told_where_a_file_lies() -> None:
    sent = headers("nginx", None, asked())

    assert sent["x-accel-redirect"] == f"/_media/{PREFIX}/high.m4a"
    assert sent["content-type"] == "audio/flac"
    assert "sandbox" in sent["content-security-policy"]


def test_nginx_is_told_how_to_ask_s3() -> None:
    sent = headers("nginx", PRESIGN, asked())

    path = f"/_media/https/media.s3.eu-west-1.amazonaws.com/objects/{PREFIX}/high.m4a?"
    assert sent["x-accel-redirect"].startswith(path)
    assert sent["x-media-range"] == "bytes=5-9"
    assert "content-disposition" not in sent  # S3's answer has it
