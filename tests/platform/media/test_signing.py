"""Signed media URLs: what opens, for how long, and what doesn't."""

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backline.platform.errors import Forbidden, Invalid, NotFound
from backline.platform.media.signing import Lives, MediaExpired, MediaSigner
from backline.platform.secrets import Key, Secrets, load_or_make_secrets

NOW = datetime(2026, 5, 1, 12, 20, tzinfo=UTC)
PREFIX = "tracks/0190aa/0190bb/g1"
KEYS = Secrets((Key("a1", b"k" * 32),))
SIGNER = MediaSigner(KEYS)


def path_of(prefix: str = PREFIX, name: str = "medium.m4a", now: datetime = NOW) -> str:
    return SIGNER.url(prefix, name, now).url.removeprefix("/media/")


def test_a_url_opens_its_file() -> None:
    grant = SIGNER.open(path_of(), NOW)

    assert (grant.prefix, grant.name) == (PREFIX, "medium.m4a")


def test_a_token_opens_everything_beneath_its_prefix() -> None:
    token = path_of().partition("/")[0]

    assert SIGNER.open(f"{token}/{PREFIX}/audio.m3u8", NOW).name == "audio.m3u8"
    assert SIGNER.open(f"{token}/{PREFIX}/covers/640.webp", NOW).name == "covers/640.webp"


@example(now_s=0, longest_s=3600)
@given(
    now_s=st.integers(min_value=0, max_value=2**33),
    longest_s=st.integers(min_value=600, max_value=7200),
)
def test_urls_live_as_long_as_is_said_and_half_of_it_however_late_they_are_given(
    now_s: int, longest_s: int
) -> None:
    lives, now = Lives(longest_s), datetime.fromtimestamp(now_s, UTC)

    left = MediaSigner(KEYS, lives).url(PREFIX, "a.m4a", now).expires_at - now

    assert left <= timedelta(seconds=longest_s)
    assert left - timedelta(seconds=lives.late_s) >= timedelta(seconds=longest_s // 2)


def test_everybody_is_given_the_same_url_in_a_window() -> None:
    window_s = SIGNER.lives.window_s
    early = datetime.fromtimestamp(NOW.timestamp() // window_s * window_s, UTC)
    late = early + timedelta(seconds=window_s - 1)

    assert path_of(now=early) == path_of(now=late)
    assert path_of(now=early) != path_of(now=late + timedelta(seconds=1))


def test_a_url_ends() -> None:
    signed = SIGNER.url(PREFIX, "a.m4a", NOW)
    path = signed.url.removeprefix("/media/")

    SIGNER.open(path, signed.expires_at - timedelta(microseconds=1))
    with pytest.raises(MediaExpired) as fault:
        SIGNER.open(path, signed.expires_at)

    assert (fault.value.status, fault.value.kind) == (403, "media-expired")


def test_a_later_expiry_is_a_forgery() -> None:
    expires, rest = path_of().split(".", 1)

    with pytest.raises(Forbidden) as fault:
        SIGNER.open(f"{int(expires) + 3600}.{rest}", NOW)
    assert not isinstance(fault.value, MediaExpired)


@pytest.mark.parametrize(
    "other", ["tracks/0190aa/0190bb/g2", "tracks/0190aa/0190bc/g1", "photos/0190aa/0190bb/g1"]
)
def test_a_token_opens_no_other_prefix(other: str) -> None:
    token = path_of().partition("/")[0]

    with pytest.raises(Forbidden):
        SIGNER.open(f"{token}/{other}/medium.m4a", NOW)


def test_another_installations_token_is_refused(tmp_path: Path) -> None:
    other = MediaSigner(load_or_make_secrets(tmp_path / "secrets.json"))

    with pytest.raises(Forbidden):
        other.open(path_of(), NOW)


def test_another_installations_token_under_our_key_id_is_refused() -> None:
    other = MediaSigner(Secrets((Key("a1", b"x" * 32),)))

    with pytest.raises(Forbidden):
        other.open(path_of(), NOW)


@given(st.integers(0, 21), st.sampled_from("ABCDEFGHabcdefgh0123-_"))
def test_any_change_of_the_signature_is_refused(at: int, character: str) -> None:
    token, _, rest = path_of().partition("/")
    head, signature = token.rsplit(".", 1)
    changed = signature[:at] + character + signature[at + 1 :]
    if decoded(changed) == decoded(signature):
        return

    with pytest.raises(Forbidden):
        SIGNER.open(f"{head}.{changed}/{rest}", NOW)


def decoded(signature: str) -> bytes:
    return base64.urlsafe_b64decode(signature + "==")


def test_tokens_of_the_root_before_still_open_after_a_rotation() -> None:
    old, new = Key("a1", b"k" * 32), Key("b2", b"n" * 32)
    rotated = MediaSigner(Secrets((new, old)))

    assert rotated.open(path_of(), NOW).prefix == PREFIX
    assert ".b2." in rotated.url(PREFIX, "a.m4a", NOW).url
    with pytest.raises(Forbidden):
        MediaSigner(Secrets((new,))).open(path_of(), NOW)


@pytest.mark.parametrize(
    "tail",
    ["../g1/a.m4a", "./a.m4a", "/a.m4a", "a.m4a/", "", "..%2fa", "%2e%2e/a", "%252e%252e/a",
     "a\\b", "a\0b", ".hidden", "a b", "a;b", "x" * 129, "ä.m4a", "a/../b", "~root"],
)  # fmt: skip
def test_odd_paths_are_no_addresses(tail: str) -> None:
    token = path_of().partition("/")[0]

    with pytest.raises(NotFound):
        SIGNER.open(f"{token}/{PREFIX}/{tail}", NOW)


@pytest.mark.parametrize("token", ["", "1.a1", "a.a1.x", "9" * 13 + ".a1." + "A" * 22, "1.a1.é"])
def test_odd_tokens_are_forbidden(token: str) -> None:
    with pytest.raises(Forbidden):
        SIGNER.open(f"{token}/{PREFIX}/a.m4a", NOW)


@given(st.text(max_size=200))
def test_no_text_opens_anything_or_breaks_anything(text: str) -> None:
    with pytest.raises((NotFound, Forbidden)):
        SIGNER.open(text, NOW)


def test_odd_names_are_not_signed() -> None:
    with pytest.raises(Invalid):
        SIGNER.url(PREFIX, "../secrets.json", NOW)
    with pytest.raises(ValueError, match="4 segments"):
        SIGNER.url("tracks", "a.m4a", NOW)
