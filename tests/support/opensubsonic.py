"""OpenSubsonic's own description, where it is at hand: answers are validated against it.

It lies in `openapi` of the folder that `OPENSUBSONIC` names, or of `shared/opensubsonic` beside the
project; it isn't part of the project.
"""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest

_ROOT = Path(__file__).resolve().parents[2]
_PLACES = [
    Path(os.environ["OPENSUBSONIC"]) if "OPENSUBSONIC" in os.environ else None,
    *(above / "shared/opensubsonic" for above in _ROOT.parents[:2]),
]
FOLDER = next(
    (place for place in _PLACES if place and (place / "openapi/openapi.json").is_file()), None
)
needs_description = pytest.mark.skipif(
    FOLDER is None,
    reason="answers weren't validated: OpenSubsonic's description isn't there (OPENSUBSONIC)",
)
_XMLNS = "{http://subsonic.org/restapi}"


@cache
def _validator(call: str) -> Any:
    assert FOLDER is not None
    endpoint = json.loads((FOLDER / "openapi/endpoints" / f"{call}.json").read_text("utf-8"))
    answers = endpoint.get("get", endpoint.get("post"))["responses"]["200"]
    content = answers.get("content")
    if content is None:  # it stands in a file of its own, most often with others that are alike
        file = (FOLDER / "openapi/endpoints" / answers["$ref"]).resolve()
        content = json.loads(file.read_text("utf-8"))["content"]
        base = file.parent
    else:
        base = FOLDER / "openapi/endpoints"
    return jsonschema_rs.Draft4Validator(
        content["application/json"]["schema"],
        retriever=_retrieve,
        base_uri=f"file://{base}/{call}.json",
    )


def _retrieve(uri: str) -> Any:
    return json.loads(Path(unquote(urlsplit(uri).path)).read_text("utf-8"))


def validate(call: str, answer: Any) -> None:
    """See that an answer of a call is as the description says, where that is there."""
    if FOLDER is not None:
        found = [str(one) for one in _validator(call).iter_errors(answer)]
        assert found == [], (call, answer)


def assert_twins(answer: dict[str, Any], xml: str) -> None:
    """See that an answer says in XML what it says in JSON, and nothing besides."""
    root = ET.fromstring(xml)  # noqa: S314  # our own
    assert root.tag == f"{_XMLNS}subsonic-response"
    _same(root, answer["subsonic-response"], "")


def _same(element: ET.Element, content: Any, where: str) -> None:
    if not isinstance(content, dict):
        assert (element.text or "") == _text(content), where
        assert not element.attrib, where
        return
    attributes, children = dict(element.attrib), list(element)
    for key, value in content.items():
        path = f"{where}/{key}"
        if isinstance(value, dict | list):
            wanted = value if isinstance(value, list) else [value]
            found = [one for one in children if one.tag == _XMLNS + key]
            assert len(found) == len(wanted), path
            for one, said in zip(found, wanted, strict=True):
                _same(one, said, path)
                children.remove(one)
        elif key == "value":
            assert (element.text or "") == _text(value), path
        elif key in attributes:
            assert attributes.pop(key) == _text(value), path
        else:
            one = next(one for one in children if one.tag == _XMLNS + key)
            _same(one, value, path)
            children.remove(one)
    assert (attributes, children) == ({}, []), where


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
