"""A person's photos while they are taken: singles, bursts, dark frames, look-alikes, copies."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

import msgspec
from msgspec import Struct

from tests.concerts.truth import light
from tests.concerts.truth.cameras import Camera, written
from tests.concerts.truth.draws import Draw, draw
from tests.concerts.truth.fixes import Receiver
from tests.concerts.truth.ground import Point, moved
from tests.concerts.truth.parameters import Errors, Parameters
from tests.concerts.truth.shapes import Photo
from tests.concerts.truth.truth import Outing, Taken, Trouble

_BURST: Final = (3, 7)
_BURST_GAP_S: Final = 1
_LOOKS_BACK_S: Final = 180


class Scene(Struct, frozen=True):
    """Somewhere to take pictures for a while, and where the person moves meanwhile.

    `view` is the fingerprint that all pictures of it have something of.
    """

    begins_at: datetime
    ends_at: datetime
    centre: Point
    reach_m: float
    zone: str
    view: int
    count: int
    event_id: str | None = None
    is_around: bool = False


class Roll:
    """What one person has taken so far, in `photos`, `taken` and `outings`."""

    def __init__(self, person_id: int, home_zone: str, parameters: Parameters) -> None:
        self._person_id, self._home_zone = person_id, home_zone
        self._seed, self._errors = parameters.seed, parameters.errors
        self._draw = draw(parameters.seed, "roll", person_id)
        self.photos: list[Photo] = []
        self.taken: list[Taken] = []
        self.outings: list[Outing] = []

    def take(
        self,
        event_id: str | None,
        scenes: Sequence[Scene],
        cameras: Sequence[Camera],
        *,
        is_deaf: bool = False,
    ) -> None:
        """An outing: the pictures of all its scenes, each by one of the cameras."""
        first, name = len(self.photos), f"{self._person_id}/{len(self.outings)}"
        receivers = [
            Receiver(camera, self._errors, self._draw, is_deaf=is_deaf) for camera in cameras
        ]
        for scene in scenes:
            _Exposure(self, name, scene, cameras, receivers).expose()
        ids = tuple(photo.id for photo in self.photos[first:])
        self.outings.append(Outing(name, self._person_id, event_id, ids))

    def add(self, photo: Photo, taken: Taken) -> None:
        """One more file; it is given bytes of its own, and an id that tells nothing."""
        digest = sha256(f"{self._seed} {self._person_id} {len(self.photos)}".encode()).hexdigest()
        self.photos.append(msgspec.structs.replace(photo, id=digest[:16], sha256=digest))
        self.taken.append(msgspec.structs.replace(taken, photo_id=digest[:16]))

    @property
    def person_id(self) -> int:
        """Whose it is."""
        return self._person_id

    @property
    def chance(self) -> tuple[Draw, Errors, str]:
        """What pictures are drawn by: the source, the rates, the zone at home."""
        return self._draw, self._errors, self._home_zone


class _Exposure:
    """The pictures of one scene."""

    def __init__(
        self,
        roll: Roll,
        outing_id: str,
        scene: Scene,
        cameras: Sequence[Camera],
        receivers: Sequence[Receiver],
    ) -> None:
        self._roll, self._outing_id, self._scene = roll, outing_id, scene
        self._with = list(zip(cameras, receivers, strict=True))
        self._draw, self._errors, self._home = roll.chance
        self._last: tuple[datetime, int] | None = None
        self._made = 0

    def expose(self) -> None:
        """Press the button until there are as many as wanted."""
        span_s = (self._scene.ends_at - self._scene.begins_at).total_seconds()
        seconds = sorted(self._draw.uniform(0, span_s) for _ in range(self._scene.count))
        for second in seconds:
            if self._made >= self._scene.count:
                return
            self._press(self._scene.begins_at + timedelta(seconds=int(second)))

    def _press(self, at: datetime) -> None:
        errors, left = self._errors, self._scene.count - self._made
        if left >= _BURST[0] and self._draw.happens(errors.bursts):
            self._burst(at, min(left, self._draw.randint(*_BURST)))
        elif self._draw.happens(errors.dark):
            deviation = self._draw.uniform(*light.DARK_DEVIATION)
            self._shoot(at, light.dark(self._draw), {"dark"}, deviation=deviation)
        else:
            self._single(at, left)

    def _single(self, at: datetime, left: int) -> None:
        view, troubles = light.of_scene(self._draw, self._scene.view), set[Trouble]()
        last = self._last
        is_late = last is not None and (at - last[0]).total_seconds() > _LOOKS_BACK_S
        if last is not None and is_late and self._draw.happens(self._errors.look_alikes):
            view, troubles = light.look_alike(self._draw, last[1]), {"look-alike"}
        self._last = at, view
        is_copied = left > 1 and self._draw.happens(self._errors.edits)
        group = self._group() if is_copied else ""
        original = self._shoot(at, view, troubles, group)
        if is_copied:
            self._copy(original, view)

    def _burst(self, at: datetime, count: int) -> None:
        """All of it by one camera, a second apart."""
        view = light.of_scene(self._draw, self._scene.view)
        group, by = self._group(), self._draw.randrange(len(self._with))
        for number in range(count):
            moment = at + timedelta(seconds=number * _BURST_GAP_S)
            seen = light.of_moment(self._draw, view)
            self._shoot(moment, seen, {"burst"}, group, by=by)

    def _shoot(
        self,
        at: datetime,
        fingerprint: int,
        troubles: set[Trouble],
        group: str = "",
        *,
        deviation: float = 0,
        by: int | None = None,
    ) -> tuple[Photo, Taken]:
        number = self._draw.randrange(len(self._with)) if by is None else by
        camera, receiver = self._with[number]
        place = self._place()
        fix = receiver.fix(place)
        times = written(camera, at, self._scene.zone, self._home, has_fix=fix.at is not None)
        photo = Photo(
            id="",
            person_id=self._roll.person_id,
            name=_name(camera, at, len(self._roll.photos)),
            sha256="",
            taken_at=times.taken_at,
            offset_min=times.offset_min,
            gps_at=times.gps_at,
            latitude=fix.at.latitude if fix.at else None,
            longitude=fix.at.longitude if fix.at else None,
            error_m=fix.error_m,
            camera=camera.model,
            fingerprint=fingerprint,
            deviation=round(deviation or self._draw.uniform(*light.LIT_DEVIATION), 2),
        )
        met = times.troubles | troubles | ({fix.trouble} if fix.trouble else set())
        taken = Taken(
            photo_id="",
            outing_id=self._outing_id,
            event_id=self._scene.event_id,
            taken_at=at,
            at=place,
            is_around=self._scene.is_around,
            is_datable=times.is_datable,
            duplicates=group,
            troubles=frozenset(met),
        )
        self._roll.add(photo, taken)
        self._made += 1
        return photo, taken

    def _copy(self, original: tuple[Photo, Taken], view: int) -> None:
        """An edited copy: as the phone keeps it, or as a messenger leaves it, knowing nothing."""
        photo, taken = original
        fingerprint, troubles = light.edited(self._draw, view), taken.troubles | {"edited"}
        if self._draw.happens(self._errors.stripped):
            day = taken.taken_at.astimezone(UTC).strftime("%Y%m%d")
            photo = msgspec.structs.replace(
                photo, name=f"IMG-{day}-WA{self._draw.randrange(10_000):04}.jpg", taken_at=None,
                offset_min=None, gps_at=None, latitude=None, longitude=None, error_m=None,
                camera=None, fingerprint=fingerprint,
            )  # fmt: skip
            taken = msgspec.structs.replace(
                taken, is_datable=False, troubles=frozenset({*troubles, "no time"})
            )
        else:
            stem, _, ending = photo.name.rpartition(".")
            name = f"{stem}_edited.{ending}"
            photo = msgspec.structs.replace(photo, name=name, fingerprint=fingerprint)
            taken = msgspec.structs.replace(taken, troubles=frozenset(troubles))
        self._roll.add(photo, taken)
        self._made += 1

    def _group(self) -> str:
        return f"{self._roll.person_id}/{len(self._roll.photos)}"

    def _place(self) -> Point:
        reach_m = self._scene.reach_m
        return moved(self._scene.centre, *(self._draw.uniform(-reach_m, reach_m) for _ in "xy"))


def _name(camera: Camera, at: datetime, number: int) -> str:
    if camera.model.startswith("Apple"):
        return f"IMG_{number % 10_000:04}.HEIC"
    if camera.is_phone:
        return f"PXL_{at.strftime('%Y%m%d_%H%M%S')}{number % 1000:03}.jpg"
    return f"DSC{number % 100_000:05}.JPG"
