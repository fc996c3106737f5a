"""The relay: takes what encoders publish and sends it to many destinations, from one event loop.

It knows no database, no accounts and no settings. Its owner asks for a `Relay`, listens with it,
and says who may publish, where each stream goes and when it ends:

    relay = Relay(allow_private=False)

    async def authorise(asked: Publish) -> Accepted | Refused:
        project = await project_of(asked.stream_key)
        if project is None:
            return Refused("This stream key isn't known here.")
        stream = relay.stream(project.id)
        for spec in project.destinations:
            stream.add(spec, on_state)
        return Accepted(stream)

    ingest = await listen("0.0.0.0", 1935, authorise, on_gone=gone)

- `Relay.stream(id)` gives the one stream of that id, made if it isn't there. It stays, with its
  destinations, until `await stream.end(reason)`, whether somebody publishes or not.
- `stream.add(spec, on_state)`, `stream.remove(id)`, `stream.switch(id, is_on)`, `stream.retry(id)`
  concern one destination and never touch another. They return at once; what comes of them is told
  by `on_state(Change)`. `add` with the id of one that is there does nothing if the spec is the
  same, and replaces it if not: so whoever reconciles may call it again and again.
- What is added before `authorise` returns is sent all of the show from its first message. What is
  added later begins at the next keyframe.
- One publisher per stream: whoever is accepted takes the stream over at once, and the older one
  is told so and closed. Timestamps go on from where they were, and the new one begins with a
  keyframe, so a destination sees one show.
- `on_gone(stream, reason)` is called when the stream's publisher has gone and nobody has taken
  over. The destinations keep their connections meanwhile; call `stream.end` when it is over.
- `stream.figures()` and `stream.destinations()` say how it fares at this moment, at little cost.
- `ingest.drain()` refuses new publishers and lets the present ones finish; `await ingest.close()`
  ends them; `await relay.close()` ends all streams.

All of it is for one event loop, and none of its calls may come from another thread.
"""

from backline.live.relay.ingest import Accepted, Authorise, Ingest, OnGone, listen
from backline.live.relay.models import (
    Change,
    DestinationFigures,
    DestinationSpec,
    IngestLimits,
    OnState,
    Pace,
    Publish,
    Refused,
    State,
    StreamFigures,
)
from backline.live.relay.places import place_of
from backline.live.relay.stream import Stream
from backline.live.relay.streams import Relay

__all__ = [
    "Accepted",
    "Authorise",
    "Change",
    "DestinationFigures",
    "DestinationSpec",
    "Ingest",
    "IngestLimits",
    "OnGone",
    "OnState",
    "Pace",
    "Publish",
    "Refused",
    "Relay",
    "State",
    "Stream",
    "StreamFigures",
    "listen",
    "place_of",
]
