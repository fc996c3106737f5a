"""Shapes of the relay: who publishes, where a stream goes, how it fares, and how long things take.

They know no database and no settings; what is stored of them is the domain's.
"""

from collections.abc import Callable
from typing import Literal

import msgspec

State = Literal["idle", "connecting", "live", "stalled", "failed"]
"""How a destination fares.

- `idle`: nothing is sent, since it is switched off or nobody publishes.
- `connecting`: a connection is being made, or the next attempt waits for its time; `reason` says
  why the last one ended.
- `live`: the destination has accepted the stream, and its bytes move.
- `stalled`: it has accepted the stream, but takes nothing any more. Either it goes on (`live`) or
  it is connected to anew.
- `failed`: it has refused the stream in a way that no further attempt would mend (a wrong key, an
  address that isn't allowed), or too many attempts in a row have failed. In the first case only
  `Stream.retry` tries again; in the second one attempt every few minutes does, too.
"""


class Publish(msgspec.Struct, frozen=True):
    """What an encoder asks for: `rtmp://here/<app>` and a stream key.

    `stream_key` comes without the query that some encoders append; it is a secret, so it must not
    be logged. `address` is the peer's as the socket tells it.
    """

    app: str
    stream_key: str
    address: str
    connection_id: str


class Refused(msgspec.Struct, frozen=True):
    """Why somebody may not publish, in words that the encoder shows."""

    reason: str


class DestinationSpec(msgspec.Struct, frozen=True):
    """Where a stream goes: `rtmp://` or `rtmps://`, host, perhaps a port, an app; and its key.

    `id` is the caller's and unique within a stream. `stream_key` is a secret, also in `repr`.
    """

    id: str
    url: str
    stream_key: str
    is_on: bool = True

    def __repr__(self) -> str:
        return f"DestinationSpec(id={self.id!r}, is_on={self.is_on})"


class Change(msgspec.Struct, frozen=True):
    """A destination's new state; `reason` is in words for people and never holds a key."""

    stream_id: str
    destination_id: str
    state: State
    reason: str | None
    retry_in_s: float | None = None


OnState = Callable[[Change], None]
"""Told of each change of state, from the event loop; it must return at once."""


class DestinationFigures(msgspec.Struct, frozen=True):
    """How a destination fares at this moment; counts are since it was added.

    `lag_ms` is how much of the stream waits to be sent. `dropped_frames` are video frames that it
    lost because it was too slow. `reconnects` are successful connections after the first.
    """

    id: str
    state: State
    reason: str | None
    last_error: str | None
    sent_bytes: int
    bitrate_kbps: int
    lag_ms: int
    dropped_frames: int
    reconnects: int
    live_for_s: float


class StreamFigures(msgspec.Struct, frozen=True):
    """How what comes in fares at this moment; rates are those of the last few seconds.

    `keyframe_interval_ms` is that between the last two. `drift_ms` is how far audio comes before
    (positive) or behind video. `notices` are sentences about what is unusual in the stream: a
    timestamp that jumped, a description that was left out, a picture that doesn't come.
    """

    is_publishing: bool
    received_bytes: int
    bitrate_kbps: int
    video_fps: float
    keyframe_interval_ms: int | None
    video_codec: str | None
    audio_codec: str | None
    width: int | None
    height: int | None
    drift_ms: int | None
    publishing_for_s: float
    publishers: int
    notices: tuple[str, ...]


class IngestLimits(msgspec.Struct, frozen=True):
    """What encoders may ask of an ingest; whoever goes beyond is closed with a word.

    Who publishes is read every `read_each_s`, whatever came together, and all of it goes on
    together: fewer and larger reads and writes are what one core carries most streams by.
    """

    connections: int = 2_000
    connections_per_address: int = 32
    publish_within_s: float = 15.0
    authorise_within_s: float = 10.0
    silent_for_s: float = 30.0
    read_each_s: float = 0.08


class Pace(msgspec.Struct, frozen=True):
    """How long the relay waits for what.

    A destination has `connect_s` for TCP and TLS and
    `answer_s` for all that RTMP says before it accepts. It is stalled after `stall_s` without
    progress and connected to anew after `give_up_s`. Attempts follow each other after `backoff_s`
    times `backoff_factor` each time, at most `backoff_cap_s`, jittered; after `breaker_failures` in
    a row there is one every `breaker_open_s`. What has been live for `settled_s` begins to count
    anew. Frames that nobody refers to are dropped once
    `drop_disposable_ms` wait for a destination, all up to the next keyframe after
    `drop_frames_ms`. While a destination connects, `fill_s` of the show's beginning wait for it.
    `finish_s` is what it has for the last bytes at the end. After `lack_s` without picture, sound
    or keyframe that is told.
    """

    watch_s: float = 1.0
    connect_s: float = 10.0
    answer_s: float = 10.0
    stall_s: float = 5.0
    give_up_s: float = 30.0
    backoff_s: float = 2.0
    backoff_factor: float = 1.5
    backoff_cap_s: float = 60.0
    breaker_failures: int = 12
    breaker_open_s: float = 300.0
    drop_disposable_ms: int = 700
    drop_frames_ms: int = 900
    settled_s: float = 10.0
    fill_s: float = 30.0
    finish_s: float = 3.0
    lack_s: float = 20.0
