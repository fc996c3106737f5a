"""AMF0 is read within bounds and written as everybody reads it."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backline.live.rtmp import amf
from backline.live.rtmp.faults import ProtocolFault

LEAVES = (
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(st.characters(codec="utf-8"))
)
NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_written_is_read_again(value: amf.Value) -> None:
    try:
        assert amf.decode(amf.encode("name", value)) == ["name", value]
    except amf.TooMuch:
        assert depth(value) > amf.MOST_DEEP


def depth(value: amf.Value) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(depth, inner), default=0) if isinstance(value, (dict, list)) else 0


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(ProtocolFault):
        amf.decode(data)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"\x00" + struct.pack(">d", 30), 30.0),
        (b"\x08\x00\x00\x00\x01\x00\x01a\x01\x01\x00\x00\x09", {"a": True}),
        (b"\x10\x00\x01T\x00\x01a\x05\x00\x00\x09", {"a": None}),
        (b"\x0b" + struct.pack(">dh", 1e12, 0), 1e12),
        (b"\x0c\x00\x00\x00\x02hi", "hi"),
        (b"\x06", None),
        (b"\x02\x00\x01\xff", "\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_values_that_we_do_not_write_are_read(data: bytes, value: amf.Value) -> None:
    assert amf.decode(data) == [value]


def test_a_long_text_has_a_long_length() -> None:
    text = "a" * 70_000

    assert amf.encode(text)[:5] == b"\x0c" + struct.pack(">I", 70_000)
    assert amf.decode(amf.encode(text)) == [text]


def test_too_many_values_are_refused() -> None:
    data = amf.encode({f"key {number}": 1.0 for number in range(10_000)})

    with pytest.raises(amf.TooMuch, match="2,000"):
        amf.decode(data)


def test_a_huge_list_that_is_not_there_is_refused() -> None:
    with pytest.raises(amf.TooMuch):
        amf.decode(b"\x0a\xff\xff\xff\xff")


def test_too_deep_values_are_refused() -> None:
    with pytest.raises(amf.TooMuch):
        amf.decode(b"\x03\x00\x01a" * 1_000)
