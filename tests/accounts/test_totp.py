"""The arithmetic of codes, held to the specification's own examples."""

import xml.etree.ElementTree as ET
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backline.accounts import totp
from backline.platform.ids import uuid7

SECRET = b"12345678901234567890"


# RFC 6238, appendix B, the last six of its eight digits.
@pytest.mark.parametrize(
    ("at_s", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_codes_are_those_of_the_specification(at_s: int, code: str) -> None:
    assert totp.code_at(SECRET, at_s // 30) == code
    assert totp.step_of(SECRET, code, now_s=at_s, after=0) == at_s // 30


@given(st.integers(300, 10**10), st.integers(-5, 5))
def test_a_code_counts_one_step_early_or_late(now_s: int, steps: int) -> None:
    step = now_s // 30 + steps
    code = totp.code_at(SECRET, step)

    found = totp.step_of(SECRET, code, now_s=now_s, after=0)

    collides = code in {totp.code_at(SECRET, now_s // 30 + near) for near in (-1, 0, 1)}
    assert (found is not None) == (abs(steps) <= 1 or collides)


@given(st.integers(100, 10**8), st.integers(-1, 1))
def test_no_step_counts_that_is_not_later_than_the_last(present: int, steps: int) -> None:
    code = totp.code_at(SECRET, present + steps)

    found = totp.step_of(SECRET, code, now_s=present * 30, after=present + steps)

    assert found is None or found > present + steps


def test_the_address_for_authenticators_says_whose_it_is() -> None:
    uri = totp.uri_of(SECRET, account="ada+b@example.com", issuer="Backline")

    parts = urlsplit(uri)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert parts.path == "/Backline:ada%2Bb@example.com"
    assert parse_qs(parts.query) == {
        "secret": ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"],
        "issuer": ["Backline"],
    }


def test_the_qr_code_is_a_picture_and_nothing_else() -> None:
    picture = ET.fromstring(totp.qr_svg("otpauth://totp/Backline:ada?secret=AAAA"))  # noqa: S314  # ours

    names = {element.tag.rpartition("}")[2] for element in picture.iter()}
    assert names <= {"svg", "path", "g", "rect"}


def test_recovery_codes_are_read_as_people_type_them() -> None:
    user_id = uuid7()
    code = totp.new_recovery_codes()[0]

    digests = {
        totp.recovery_digest(b"key", user_id, typed)
        for typed in (code, f" {code.upper()} ", code.replace("-", ""), code.replace("-", " "))
    }

    assert len(code) == 11
    assert len(digests) == 1
    assert totp.recovery_digest(b"key", uuid7(), code) not in digests
