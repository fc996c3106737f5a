"""Answers as bytes: one description, three ways to write it."""

import json

import msgspec
import pytest

from backline.audio.subsonic.rendering import Answer, Fault, callback_of, render
from tests.support.opensubsonic import assert_twins


class Line(msgspec.Struct, rename="camel", omit_defaults=True):
    value: str
    start_ms: int | None = None


class Thing(msgspec.Struct, rename="camel", omit_defaults=True):
    is_new: bool
    title: str
    line: list[Line] = []
    moods: list[str] = []
    gain: dict[str, float] | None = None


THING = Thing(
    is_new=True,
    title='A "B" & <C>\r\n\td]]>',
    line=[Line("one"), Line("two & three", 5)],
    moods=["calm", "<odd>"],
    gain={"trackGain": -1.5},
)


def test_xml_says_what_json_says() -> None:
    answer = Answer("thing", THING)

    as_json = json.loads(render(answer, "json"))

    assert as_json["subsonic-response"]["thing"] == {
        "isNew": True,
        "title": 'A "B" & <C>\r\n\td]]>',
        "line": [{"value": "one"}, {"value": "two & three", "startMs": 5}],
        "moods": ["calm", "<odd>"],
        "gain": {"trackGain": -1.5},
    }
    assert_twins(as_json, render(answer, "xml").decode())


def test_single_items_stay_arrays_and_nothing_is_null() -> None:
    as_json = json.loads(render(Answer("thing", Thing(False, "x", [Line("a")])), "json"))

    assert as_json["subsonic-response"]["thing"]["line"] == [{"value": "a"}]
    assert "gain" not in as_json["subsonic-response"]["thing"]


def test_plain_fields_of_information_are_elements() -> None:
    xml = render(Answer("artistInfo2", {"musicBrainzId": "x"}), "xml").decode()

    assert "<artistInfo2><musicBrainzId>x</musicBrainzId></artistInfo2>" in xml


def test_what_xml_cannot_hold_is_replaced() -> None:
    xml = render(Answer("thing", {"title": "a\x0bb\x00\ufffe"}), "xml").decode()

    assert 'title="a\ufffdb\ufffd\ufffd"' in xml


def test_a_fault_is_an_answer() -> None:
    as_json = json.loads(render(Fault(70, "Gone."), "json"))["subsonic-response"]

    assert (as_json["status"], as_json["error"]) == ("failed", {"code": 70, "message": "Gone."})


def test_jsonp_calls_a_function() -> None:
    script = render(Answer(), "jsonp", "jQuery1.done_$")

    assert script.startswith(b'/**/jQuery1.done_$({"subsonic-response":{"status":"ok"')
    assert script.endswith(b"}});")


@pytest.mark.parametrize("said", [None, "", "a b", "alert(1)//", "1a", "a;b", "a\n", "x" * 101])
def test_what_is_no_name_of_a_function_is_not_called(said: str | None) -> None:
    assert callback_of(said) is None
