"""Live updates for browsers: events that reach open pages once they are true."""

from backline.platform.events.audience import Audience, Memberships
from backline.platform.events.hub import (
    Event,
    EventHub,
    Subscriber,
    pass_on,
    publish,
)

__all__ = [
    "Audience",
    "Event",
    "EventHub",
    "Memberships",
    "Subscriber",
    "pass_on",
    "publish",
]
