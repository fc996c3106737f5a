"""Pictures of concerts: before the doors open, the openers, the show, the way home."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from tests.concerts.truth import light
from tests.concerts.truth.cameras import Camera
from tests.concerts.truth.draws import Draw, draw
from tests.concerts.truth.ground import towards
from tests.concerts.truth.parameters import Parameters
from tests.concerts.truth.people import Life
from tests.concerts.truth.roll import Roll, Scene
from tests.concerts.truth.shows import Shows
from tests.concerts.truth.truth import Event, Stage

# People differ: some take a picture a night, some a hundred.
_EAGER: Final = (0.4, 1.6)
_CROWD: Final = 0.5
_AROUND_M: Final = (80, 350)
_AROUND_PHOTOS: Final = (1, 4)
_BEFORE_MIN: Final = (35, 75)
_STAY_MIN: Final = 25
# Which of their two cameras those who have two take with them.
_BOTH, _PHONE, _CAMERA = "both", "phone", "camera"
_CARRIED: Final = {_BOTH: 0.7, _PHONE: 0.22, _CAMERA: 0.08}


def photograph(life: Life, roll: Roll, parameters: Parameters, shows: Shows) -> None:
    """All concerts of one person."""
    chance = draw(parameters.seed, "evenings", life.person_id)
    eager = chance.uniform(*_EAGER)
    for event in life.visits:
        stage = shows.stages[event.stage_id]
        count = max(1, chance.count(parameters.habits.photos_a_concert * eager))
        scenes = list(_scenes(chance, event, stage, count, parameters.habits.around))
        is_deaf = chance.happens(parameters.errors.no_fix_inside)
        roll.take(event.id, scenes, _carried(chance, life), is_deaf=is_deaf)


def _scenes(chance: Draw, event: Event, stage: Stage, count: int, around: float) -> Iterator[Scene]:
    begins_at, ends_at = event.begins_at, event.ends_at
    if chance.happens(around):
        minutes = chance.randint(*_BEFORE_MIN)
        yield _around(chance, event, stage, begins_at - timedelta(minutes=minutes))
    yield Scene(
        begins_at=begins_at - timedelta(minutes=5),
        ends_at=ends_at + timedelta(minutes=5),
        # Nobody is at the very edge of the crowd.
        centre=stage.centre,
        reach_m=stage.radius_m * _CROWD,
        zone=stage.city.zone,
        view=light.scene(chance),
        count=count,
        event_id=event.id,
    )
    if chance.happens(around / 3):
        yield _around(chance, event, stage, ends_at + timedelta(minutes=10))


def _around(chance: Draw, event: Event, stage: Stage, at: datetime) -> Scene:
    """A drink nearby, or the queue at the tram."""
    far_m = stage.radius_m + chance.uniform(*_AROUND_M)
    return Scene(
        begins_at=at,
        ends_at=at + timedelta(minutes=_STAY_MIN),
        centre=towards(stage.centre, far_m, chance.uniform(0, 360)),
        reach_m=10,
        zone=stage.city.zone,
        view=light.scene(chance),
        count=chance.randint(*_AROUND_PHOTOS),
        event_id=event.id,
        is_around=True,
    )


def _carried(chance: Draw, life: Life) -> Sequence[Camera]:
    if life.camera is None:
        return (life.phone,)
    carried = chance.one(_CARRIED)
    return {
        _BOTH: (life.phone, life.camera),
        _PHONE: (life.phone,),
        _CAMERA: (life.camera,),
    }[carried]
