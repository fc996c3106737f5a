"""The shapes of live shows: rows, forms, answers, events."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from backline.platform.text import LINE

Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=LINE)]
Url = Annotated[
    str,
    Meta(
        min_length=8,
        max_length=1_000,
        pattern=r"^[^\s\x00-\x1f\x7f]*$(?!\n)",
        examples=["rtmps://a.rtmps.youtube.com:443/live2"],
    ),
]
StreamKey = Annotated[
    str, Meta(min_length=1, max_length=1_000, pattern=r"^[^\s\x00-\x1f\x7f]*$(?!\n)")
]
Hold = Annotated[int, Meta(ge=0, le=600)]
Preset = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[a-z0-9-]+$(?!\n)")]

# Why a show ended: the encoder left; its owner stopped it, renewed the key, deleted the project;
# the account may not any more; the server ended; nobody knows, since its node is gone.
Ended = Literal["encoder", "stopped", "key", "deleted", "account", "server", "lost"]
# `off` is turned off, or nothing comes in that could be relayed.
RelayState = Literal["off", "idle", "connecting", "live", "stalled", "failed"]
LadderState = Literal["waiting", "making"]
# What is off isn't measured.
SampledState = Literal["idle", "connecting", "live", "stalled", "failed"]


class LiveProject(msgspec.Struct, frozen=True):
    """A stream key of its own, and where it is relayed to.

    `hold_s`: for how long destinations are held when the encoder drops out. `ladder`: whether
    previews are made in smaller sizes, too. Until `closed_until`, if that is to come, its key opens
    nothing: the show was stopped.
    """

    id: UUID
    name: str
    hold_s: int
    ladder: bool
    closed_until: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int


class NewLiveProject(msgspec.Struct, frozen=True):
    """A project that was just made, with its `stream_key`."""

    id: UUID
    name: str
    hold_s: int
    ladder: bool
    closed_until: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int
    stream_key: str


class LiveProjectForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A project to be made."""

    name: Name
    hold_s: Hold = 30
    ladder: bool = False


class LiveProjectPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A merge patch (RFC 7396) of a project."""

    name: Name | UnsetType = UNSET
    hold_s: Hold | UnsetType = UNSET
    ladder: bool | UnsetType = UNSET


class ShownKey(msgspec.Struct, frozen=True):
    """A project's stream key."""

    stream_key: str


class Destination(msgspec.Struct, frozen=True):
    """Where a project is relayed to. Its stream key isn't told to anybody again."""

    id: UUID
    project_id: UUID
    name: str
    preset: str
    url: str
    enabled: bool
    created_at: datetime
    updated_at: datetime
    version: int


class DestinationForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A destination to be added."""

    name: Name
    url: Url
    stream_key: StreamKey
    preset: Preset = "custom"
    enabled: bool = True


class DestinationPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A merge patch of a destination; a `stream_key` that isn't sent stays."""

    name: Name | UnsetType = UNSET
    url: Url | UnsetType = UNSET
    stream_key: StreamKey | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET


class Incoming(msgspec.Struct, frozen=True):
    """What comes from the encoder. Rates are those of the last few seconds.

    `drift_ms` is how far sound comes before the picture, negative behind it. `notices` are
    sentences about what is unusual in what comes.
    """

    bitrate_kbps: int
    fps: float
    keyframe_interval_ms: int | None
    video: str | None
    audio: str | None
    width: int | None
    height: int | None
    drift_ms: int | None
    notices: list[str]


class Relay(msgspec.Struct, frozen=True):
    """How one destination is doing.

    `lag_ms` is how much of the show waits to be sent. `reason` says why it is in its state, and
    `last_error` what went wrong last, in words for people; `retry_at` is when it is tried again.
    """

    id: UUID
    state: RelayState
    reason: str | None
    last_error: str | None
    retry_at: datetime | None
    bitrate_kbps: int
    lag_ms: int
    dropped_frames: int
    reconnects: int
    live_for_s: int


class Ladder(msgspec.Struct, frozen=True):
    """How a show's preview is made in smaller sizes.

    `waiting`: no server has a place for it, and `place` is its own in the queue, from 1 on.
    `rungs` are the sizes that can be played now besides the encoder's own: `720p`, `480p`, `360p`,
    `audio`.
    """

    state: LadderState
    place: int | None
    rungs: list[str]


class Report(msgspec.Struct, frozen=True):
    """What the holder of a stream says of it: what comes in, until when it waits for more."""

    incoming: Incoming | None = None
    held_until: datetime | None = None
    relays: list[Relay] = []
    ladder: Ladder | None = None


class LiveStatus(msgspec.Struct, frozen=True):
    """How a project is doing now.

    `live`: its show is on. `held`: the encoder has dropped out, and destinations wait for it until
    `held_until`. `lost`: the server that had the show is silent, and the encoder may come back to
    another. `closed`: it was stopped, and its key opens nothing for now. `off`: nothing comes.
    `ladder` is null where nobody wants smaller sizes of its preview, or nobody looks at that.
    """

    project_id: UUID
    state: Literal["off", "live", "held", "lost", "closed"]
    show_id: UUID | None
    started_at: datetime | None
    held_until: datetime | None
    incoming: Incoming | None
    relays: list[Relay]
    ladder: Ladder | None


class Show(msgspec.Struct, frozen=True):
    """One show. `returns` is how often its encoder dropped out and came back."""

    id: UUID
    project_id: UUID
    started_at: datetime
    ended_at: datetime | None
    ended_by: Ended | None
    returns: int


class IncomingGraph(msgspec.Struct, frozen=True):
    """What came in, step by step, on average; null where nobody knows."""

    bitrate_kbps: list[int | None]
    fps: list[float | None]
    keyframe_interval_ms: list[int | None]
    drift_ms: list[int | None]


class DestinationGraph(msgspec.Struct, frozen=True):
    """How a destination did, step by step; null where it was off, or where nobody knows.

    `state` is the worst of a step, `lag_ms` the longest, `dropped_frames` how many it lost in it.
    """

    id: UUID
    name: str
    state: list[SampledState | None]
    bitrate_kbps: list[int | None]
    lag_ms: list[int | None]
    dropped_frames: list[int | None]


class ShowGraph(msgspec.Struct, frozen=True):
    """A show over time, in even steps of `step_s`, the first of which begins at `begins_at`.

    Each list has a value a step; `begins_at` is null, and all lists are empty, until half a minute
    of the show was measured.
    """

    show: Show
    begins_at: datetime | None
    step_s: int
    incoming: IncomingGraph
    destinations: list[DestinationGraph]


class Preview(msgspec.Struct, frozen=True):
    """Where a show's preview plays: the `url` of an HLS playlist, good until `expires_at`."""

    url: str
    expires_at: datetime
    content_type: str


class PreviewReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a preview played for the last `played_s`: what a player has seen since its last report.

    `start_ms` is how long the first picture took, where it came in that time.
    """

    played_s: Annotated[float, Meta(ge=0, le=3_600)]
    start_ms: Annotated[int, Meta(ge=0, le=600_000)] | None = None
    rebuffers: Annotated[int, Meta(ge=0, le=10_000)] = 0
    dropped_frames: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class Ingest(msgspec.Struct, frozen=True):
    """Where encoders publish: `rtmp`, and `rtmps` where that is on; null: not at all.

    `fault` says why they can't connect just now.
    """

    rtmp: str | None
    rtmps: str | None
    fault: str | None


class LiveProjectChanged(msgspec.Struct, frozen=True):
    """What browsers are told of a project: it, its destinations or its show changed."""

    id: UUID
