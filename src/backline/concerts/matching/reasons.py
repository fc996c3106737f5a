"""Why a session is taken for an event's, in words for people."""

from backline.concerts.matching.evidence import Session
from backline.concerts.matching.scoring import Scored


def reasons_for(session: Session, scored: Scored, held: int) -> tuple[str, ...]:
    """Why, in words for people."""
    said: list[str] = []
    near = scored.near
    if session.place is None:
        said.append("The photos don't tell where they were taken.")
    elif near is None or near.worth <= 0:
        said.append(f"No known venue called {scored.event.venue} is near.")
    else:
        said.append(f"Taken {_metres(near.distance_m)} from {near.venue.names[0]}.")
        if scored.name < 1:
            said.append(f"The setlist calls the venue {scored.event.venue}.")
    if held > 1:
        said.append(f"{held} concerts are listed around there for these days.")
    if session.is_doubtful:
        said.append("The camera's clock and its place disagree about the time.")
    if len(session.days) > 1 and session.days[0][0] != scored.event.held_on:
        said.append("The photos are from after midnight.")
    return tuple(said)


def _metres(distance_m: float) -> str:
    if distance_m < 995:  # noqa: PLR2004  # what rounds to less than a kilometre
        return f"{round(distance_m, -1):.0f} m"
    return f"{distance_m / 1000:.1f} km"
