"""The address of a bucket: what is understood, what is refused, what is never shown."""

from pathlib import Path

import pytest

from backline.platform.settings import SettingsFault, load
from backline.platform.settings.storage_url import storage_url
from backline.platform.storage.presigned import Credentials
from backline.platform.storage.s3.opening import credentials_of

SECRET = "s3cr/et+x"  # noqa: S105  # of nobody
URL = "s3://key:s3cr%2Fet%2Bx@media/house?region=eu-west-1"


def test_amazon_by_the_hosts_name() -> None:
    bucket = storage_url(URL)

    assert (bucket.name, bucket.prefix, bucket.secret_key) == ("media", "house", SECRET)
    assert bucket.origin == "https://media.s3.eu-west-1.amazonaws.com"
    assert bucket.path("objects/a") == "/house/objects/a"


def test_another_server_by_the_path() -> None:
    bucket = storage_url("s3://media?endpoint=http://127.0.0.1:9000&path_style=true")

    assert (bucket.region, bucket.prefix) == ("us-east-1", "")
    assert bucket.origin == "http://127.0.0.1:9000"
    assert bucket.path("objects/a") == "/media/objects/a"


@pytest.mark.parametrize(
    "given",
    [
        "https://media",
        "s3://",
        "s3://a",
        "s3://Media!",
        "s3://media:80/x",
        "s3://key@media",
        "s3://media/../x",
        "s3://media?endpoint=ftp://x",
        "s3://media?endpoint=https://x/path",
        "s3://media?path_style=maybe",
        "s3://media?region=EU West",
        "s3://media?bucket=x",
    ],
)
def test_anything_else_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match=r"isn't|has"):
        storage_url(given)


def test_its_secret_is_never_shown() -> None:
    settings = load({"BACKLINE_STORAGE_URL": URL})
    with pytest.raises(SettingsFault) as fault:
        load({"BACKLINE_STORAGE_URL": f"{URL}&nonsense=1"})

    shown = f"{settings} {settings.storage_url} {settings.storage_url!r} {settings.shown()}"
    for text in (shown, str(fault.value), repr(Credentials("key", SECRET))):
        assert "s3cr" not in text


def test_redirects_need_a_bucket() -> None:
    with pytest.raises(SettingsFault, match="BACKLINE_STORAGE_URL"):
        load({"BACKLINE_MEDIA_OFFLOAD": "redirect"})


def test_credentials_come_from_the_first_place_that_has_them(tmp_path: Path) -> None:
    file = tmp_path / "credentials"
    file.write_text("[default]\naws_access_key_id = f\naws_secret_access_key = g%h\n")
    environ = {"AWS_ACCESS_KEY_ID": "e", "AWS_SECRET_ACCESS_KEY": "x", "AWS_SESSION_TOKEN": "t"}
    shared = {"AWS_SHARED_CREDENTIALS_FILE": str(file)}
    plain, filed = storage_url("s3://media"), storage_url(f"s3://media?credentials_file={file}")

    assert credentials_of(storage_url(URL), environ) == Credentials("key", SECRET)
    assert credentials_of(filed, environ) == Credentials("f", "g%h")
    assert credentials_of(plain, {**environ, **shared}) == Credentials("e", "x", "t")
    assert credentials_of(plain, shared) == Credentials("f", "g%h")


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"AWS_ACCESS_KEY_ID": "e"},
        {"AWS_SHARED_CREDENTIALS_FILE": "/nowhere"},
        {"AWS_SHARED_CREDENTIALS_FILE": __file__},
    ],
)
def test_no_credentials_are_said_so(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsFault, match="needs a key and its secret"):
        credentials_of(storage_url("s3://media"), environ)
