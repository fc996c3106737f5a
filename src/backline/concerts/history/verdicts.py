"""What a session is, by what is known around it; services are asked no further than that needs."""

from backline.concerts import matching
from backline.concerts.history.gathering import Around, Gatherer
from backline.concerts.matching import Session, Verdict


async def verdict_on(gatherer: Gatherer, session: Session) -> tuple[Around, Verdict]:
    """What a session is, and what that was judged by.

    Raises:
        Later: a service has to be asked that can't be asked now.
    """
    around = await gatherer.begin(session)
    verdict = _judged(session, around)
    venues = matching.promising(session, around.venues)
    if not venues:
        return around, verdict  # whatever was on, this is of none of it
    await gatherer.ask_likeliest(around, session)
    verdict = _judged(session, around)
    if verdict.kind != "match":
        await gatherer.ask_further(around, session)
        verdict = _judged(session, around)
    if verdict.kind != "match":
        await gatherer.ask_by_name(around, session, venues)
        verdict = _judged(session, around)
    return around, verdict


def _judged(session: Session, around: Around) -> Verdict:
    return matching.judge(session, around.venues, around.events, around.cities)
