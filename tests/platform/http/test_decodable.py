"""Which bodies no decoder is given."""

import pytest

from backline.platform.errors import Invalid
from backline.platform.http.decodable import check_json


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":"\\u0000"}',
        b'{"a":"\\\\\\u0000"}',
        b'{"a":"\xff"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[]" * 100_000 + b"[" * 65,
        b'["[",' * 65,
    ],
)
def test_what_decoders_stumble_over_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        check_json(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"a":"\\\\u0000"}',
        '{"a":"ä"}'.encode(),
        b"[" * 64 + b"]" * 64,
        b"[" + b'{"a":[1,{}]},' * 10_000 + b"1]",
        b'["' + b"[" * 10_000 + b'","\\"[' + b"{" * 10_000 + b'"]',
    ],
)
def test_all_else_is_left_to_the_decoder(body: bytes) -> None:
    check_json(body)
