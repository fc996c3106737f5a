"""Watermarks: ours are read back, others aren't, and the later one counts."""

from pathlib import Path

import pytest

from backline.platform.database import Database
from backline.platform.front.watermark import Watermark, WatermarkSigner, present
from backline.platform.secrets import load_or_make_secrets


@pytest.fixture
def signer(tmp_path: Path) -> WatermarkSigner:
    return WatermarkSigner(load_or_make_secrets(tmp_path / "secrets.json"))


def test_a_watermark_comes_back_as_it_went(signer: WatermarkSigner) -> None:
    mark = Watermark(0x17AAA30, 1_760_000_000_123)

    assert signer.read(signer.write(mark)) == mark


@pytest.mark.parametrize("place", [0, 10, 25, -1])
def test_one_changed_character_spoils_it(signer: WatermarkSigner, place: int) -> None:
    text = bytearray(signer.write(Watermark(0x17AAA30, 1_760_000_000_123)))
    text[place] = ord("0") if text[place] != ord("0") else ord("1")

    assert signer.read(bytes(text)) is None


@pytest.mark.parametrize("text", [b"", b"....", b"1.2.3", b"\xff" * 60, b"1." * 500])
def test_what_is_no_watermark_is_none(signer: WatermarkSigner, text: bytes) -> None:
    assert signer.read(text) is None


def test_of_header_and_cookie_the_later_counts(signer: WatermarkSigner) -> None:
    early, late = Watermark(9, 1_000), Watermark(5, 2_000)
    cookie = b"a=b; backline_watermark=" + signer.write(late) + b"; c=d"

    assert signer.of_request(signer.write(early), cookie) == late
    assert signer.of_request(signer.write(early), b"a=b") == early
    assert signer.of_request(None, b"backline_watermark=x") is None


async def test_the_position_grows_with_what_is_committed(database: Database) -> None:
    before = await present(database)
    async with database.write() as tx:
        await tx.execute("INSERT INTO instance (key, value) VALUES ('a', 'b')")

    after = await present(database)

    assert after.position > before.position
    assert after.at_ms >= before.at_ms
