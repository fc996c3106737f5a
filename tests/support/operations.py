"""Every operation of the API, as its description tells, and a request that each would accept.

What a description can't tell (how to make a thing with an id, which bytes make sense) stands in
the tables `tests.support.things.MAKERS`, and `HEADERS` and `BODIES` below.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from backline.main import program
from backline.roles.api import api_description

HIDDEN_AND_KNOWN = {"POST /api/v1/uploads/{upload_id}"}  # asked by `sweep` with a header
# Sent wherever an operation takes them.
HEADERS = {"Tus-Resumable": "1.0.0", "Upload-Length": "3", "Upload-Offset": "0"}
BYTES = b"abc"
# Bodies that the schema alone doesn't lead to, or not to a sensible one, by operation.
BODIES: dict[str, Any] = {
    "PATCH /api/v1/admin/users/{user_id}": {"quota_bytes": 1_000_000_000, "role": "admin"},
    "PATCH /api/v1/notifications/settings": {"digest": True, "time_zone": "Europe/Oslo"},
    "POST /api/v1/playlists/import": {"text": "#EXTM3U\nsong.wav\n"},
    "POST /api/v1/projects/{project_id}/invitations": {"rank": "viewer"},
    "PATCH /api/v1/photos/{photo_id}": {"alt_text": "The band", "taken_at": "2024-05-01T20:00:00"},
    "POST /api/v1/concerts": {
        "held_on": "2024-05-01",
        "venue": {"name": "Hall", "city": "Berlin", "country_code": "DE"},
        "bill": [{"name": "Opener"}, {"name": "Band", "headliner": True}],
    },
    "PATCH /api/v1/concerts/{concert_id}": {"notes": "Rain", "bill": [{"name": "Band"}]},
    "POST /api/v1/concerts/reviews/{review_id}/accept": {"candidate": "an evening"},
    "POST /api/v1/concerts/reviews/{review_id}/concert": {
        "held_on": "2024-05-01",
        "bill": [{"name": "Band"}],
    },
    "POST /api/v1/music-scans": {"path": "/nowhere"},
    "POST /api/v1/scans": {"source": {"kind": "folder", "path": "/nowhere"}},
    "POST /api/v1/live/projects/{live_project_id}/destinations": {
        "name": "YouTube",
        "url": "rtmps://a.rtmps.youtube.com:443/live2",
        "stream_key": "abcd-efgh",
        "preset": "youtube",
    },
    "PATCH /api/v1/live/projects/{live_project_id}/destinations/{destination_id}": {
        "name": "Ours",
        "url": "rtmp://live.example.org/app",
    },
    "POST /api/v1/tasks/batch": {"operations": [{"op": "create", "task": {"title": "A task"}}]},
    "POST /api/v1/tasks/{task_id}/reminders": {"before_due_s": 3600},
    "POST /api/v1/tasks/views": {"name": "Urgent", "filters": {"priority": ["urgent"]}},
    "POST /api/v1/users/me/tokens": {"name": "Backup", "scopes": ["audio:read"]},
    "POST /api/v1/users/me/app-passwords": {"name": "Player", "scopes": ["audio:read"]},
    "POST /api/v1/users/me/totp": {"password": "correct horse battery"},
}
_METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
_WORDS = {
    "email": "somebody@example.org",
    "date-time": "2026-01-01T00:00:00Z",
    "date": "2026-01-01",
}


class Id(NamedTuple):
    """A place in an operation where the id of a thing stands: `track_id` in its `path`."""

    name: str
    place: str


class Operation(NamedTuple):
    """One operation; `label` is what tables call it, such as `GET /api/v1/tracks`.

    `scope` is what an API token needs for it; None where no token will do.
    """

    label: str
    method: str
    path: str
    is_public: bool
    is_admin: bool
    scope: str | None
    ids: tuple[Id, ...]
    headers: tuple[str, ...]
    required: tuple[tuple[str, str], ...]
    has_limit: bool
    body_type: str | None
    body_schema: Mapping[str, Any]


class Unknown(Exception):
    """The tests don't know how to ask an operation; the text says what to add where."""


def operations() -> list[Operation]:
    """All of them, in the order of their labels."""
    description = api_description(program())
    schemas = description["components"]["schemas"]
    return sorted(
        _operation(method, path, found, schemas)
        for path, item in description["paths"].items()
        for method, found in item.items()
        if method in _METHODS
    )


def _operation(
    method: str, path: str, found: Mapping[str, Any], schemas: Mapping[str, Any]
) -> Operation:
    parameters = found.get("parameters", [])
    content = found.get("requestBody", {}).get("content", {})
    body_type = next(iter(content), None)
    schema = _resolved(content[body_type].get("schema", {}), schemas) if body_type else {}
    ids = [Id(one["name"], one["in"]) for one in parameters if _is_id(one["name"], one["schema"])]
    ids += [Id(n, "body") for n, one in schema.get("properties", {}).items() if _is_id(n, one)]
    return Operation(
        label=f"{method.upper()} {path}",
        method=method.upper(),
        path=path,
        is_public=not found.get("security"),
        is_admin="administration" in found.get("tags", ()),
        scope=next((s for one in found.get("security", ()) for s in one.get("token", ())), None),
        ids=tuple(ids),
        headers=tuple(one["name"] for one in parameters if one["name"] in HEADERS),
        required=tuple(
            (one["in"], one["name"])
            for one in parameters
            if one.get("required") and one["in"] in {"query", "header"}
        ),
        has_limit=any(one["name"] == "limit" for one in parameters),
        body_type=body_type,
        body_schema=schema,
    )


def _is_id(name: str, schema: Mapping[str, Any]) -> bool:
    return schema.get("format") == "uuid" or name.endswith(("_id", "_ids"))


def _resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    for one in (schema, *schema.get("oneOf", ())):
        if "$ref" in one:
            return _plain(schemas[one["$ref"].rpartition("/")[2]], schemas)
    return _plain(schema, schemas)


def _plain(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema whose properties are looked up, one level deep."""
    properties = {name: _first(one, schemas) for name, one in schema.get("properties", {}).items()}
    return {**schema, "properties": properties}


def _first(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    found = next(iter(schema.get("oneOf", ())), {})
    merged = {**found, **{key: value for key, value in schema.items() if key != "oneOf"}}
    if "$ref" in merged:
        return schemas[merged["$ref"].rpartition("/")[2]]
    return merged


def request_of(
    operation: Operation, ids: Mapping[str, str], *, limit: int | None = None
) -> dict[str, Any]:
    """Arguments for an HTTP client's `request`: one that is right in all but whose ids they are.

    Raises:
        Unknown: a table of this module lacks something.
    """
    headers = {name: HEADERS[name] for name in operation.headers}
    query: dict[str, str] = {
        one.name: ids[one.name] for one in operation.ids if one.place == "query"
    }
    for place, name in operation.required:
        if place == "query" and name not in query:
            raise Unknown(f"{operation.label} needs {name}: teach tests/support/operations.py it.")
        if place == "header" and name not in headers:
            raise Unknown(
                f"{operation.label} needs the header {name}. "
                "Add it to HEADERS in tests/support/operations.py."
            )
    if operation.has_limit and limit is not None:
        query["limit"] = str(limit)
    url = operation.path
    for one in operation.ids:
        url = url.replace("{" + one.name + "}", ids[one.name])
    given: dict[str, Any] = {"url": url, "params": query, "headers": headers}
    return {"method": operation.method, **given, **_body(operation, ids, headers)}


def _body(operation: Operation, ids: Mapping[str, str], headers: dict[str, str]) -> dict[str, Any]:
    match operation.body_type:
        case None:
            return {}
        case "application/json":
            return {"json": BODIES.get(operation.label) or dict(_fields(operation, ids))}
        case "multipart/form-data":
            return {"files": {"file": ("song.wav", BYTES)}}
        case "application/offset+octet-stream":
            if operation.method == "POST":
                return {}
            headers["Content-Type"] = operation.body_type
            return {"content": BYTES}
        case other:
            raise Unknown(f"{operation.label} takes {other}: teach tests/support/operations.py it.")


def _fields(operation: Operation, ids: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    """Every field that a schema is enough for; required ones must be among them."""
    schema = operation.body_schema
    for name, one in schema["properties"].items():
        if name in ids:
            yield name, [ids[name]] if one.get("type") == "array" else ids[name]
        elif (value := _value(one)) is not None:
            yield name, value
        elif name in schema.get("required", ()):
            raise Unknown(
                f"{operation.label} needs {name!r} in its body, and its schema isn't enough to "
                "make one. Add the operation to BODIES in tests/support/operations.py."
            )


def _value(schema: Mapping[str, Any]) -> Any:
    if "enum" in schema:
        return schema["enum"][-1]
    match schema.get("type"):
        case "string":
            long = "x" * max(schema.get("minLength", 1), 1)
            return _WORDS.get(schema.get("format", ""), long)
        case "integer" | "number":
            return max(schema.get("minimum", 1), 1)
        case "boolean":
            return True
        case _:
            return None
