"""Matching: photos to sessions, sessions to the concerts that they were taken at.

Pure functions over evidence that the caller has gathered: `sessions` cuts a person's photos,
`evenings` brings setlists together, `promising` says where it is worth asking for any, `judge` says
what a session is, how surely, and why, and `agreed` looks at all that was said of one person's.
"""

from backline.concerts.matching.agreeing import agreed
from backline.concerts.matching.events import evenings, is_festival
from backline.concerts.matching.evidence import (
    Candidate,
    Event,
    Place,
    Session,
    Show,
    Sighting,
    Venue,
    Verdict,
)
from backline.concerts.matching.judging import NEAR_M, judge, promising
from backline.concerts.matching.sessions import sessions
from backline.concerts.matching.weighing import Weights

__all__ = [
    "NEAR_M",
    "Candidate",
    "Event",
    "Place",
    "Session",
    "Show",
    "Sighting",
    "Venue",
    "Verdict",
    "Weights",
    "agreed",
    "evenings",
    "is_festival",
    "judge",
    "promising",
    "sessions",
]
