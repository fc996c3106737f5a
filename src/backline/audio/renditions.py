"""From an uploaded file to what is played: inspected, rendered, stored, and not yet seen."""

import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from backline.audio import originals, tracks
from backline.audio.covers import prefix
from backline.audio.engine.findings import Covers
from backline.audio.engine.render import Rendition, need_bytes, render
from backline.audio.engine.source import Source, draw_covers, inspect
from backline.audio.folders.files_sql import Original
from backline.audio.models import Labels, Rendered, TrackRow
from backline.audio.settings import AudioServices
from backline.platform.host.disk import check_room
from backline.platform.ids import uuid7

Progress = Callable[[int, int], None]


async def make(
    services: AudioServices, row: TrackRow, original: Original | None, on_progress: Progress
) -> Rendered:
    """Render a track's original into a generation of its own, which nothing points to yet.

    `original` is where it lies if that is a folder.

    A generation that never is pointed to, because of a crash or a late worker, is swept.

    Raises:
        Unplayable: the file is at fault, with the reason for its owner.
        DiskFull: the disk is full, or would be below its floor.
        NotFound: the original is gone: its owner has deleted it.
    """
    generation = uuid7().hex
    with tempfile.TemporaryDirectory(dir=services.work_dir, prefix="render-") as folder:
        aside, out = Path(folder) / "aside", Path(folder) / "out"
        aside.mkdir()
        out.mkdir()
        async with _original(services, row, original, aside) as path:
            source = await inspect(services.confinement, path, aside)
            check_room(out, need_bytes(source.probe), services.floor_bytes)
            told = _watching_room(out, services.floor_bytes, on_progress)
            rendition = await render(
                services.confinement, path, source.probe, out, services.ffmpeg, told
            )
        # What lies in a folder was given its cover by the scan.
        pictures = source.pictures if original is None else []
        covers, warnings = await _covers(services, pictures, out)
        where = prefix(row.owner_id, row.id, generation)
        sizes: dict[str, int] = {}
        for file in sorted(out.iterdir()):
            stored = await services.storage.put_file(f"{where}/{file.name}", file, adopt=True)
            sizes[file.name] = stored.size_bytes
    return _rendered(row, generation, source, rendition, covers, warnings, sizes)


def _original(
    services: AudioServices, row: TrackRow, original: Original | None, aside: Path
) -> AbstractAsyncContextManager[Path]:
    if original is not None:
        return originals.copied(services, original, aside.parent)
    return services.storage.local_copy(tracks.original_key(row.owner_id, row.id))


def _watching_room(folder: Path, floor_bytes: int, on_progress: Progress) -> Progress:
    """End a rendition whose estimate was too low, or that has others beside it."""

    def hear(done: int, total: int) -> None:
        check_room(folder, 0, floor_bytes)
        on_progress(done, total)

    return hear


async def _covers(
    services: AudioServices, pictures: Sequence[Path], out: Path
) -> tuple[Covers | None, tuple[str, ...]]:
    if not pictures:
        return None, ()
    drawn = await draw_covers(services.confinement, pictures, out)
    if isinstance(drawn, Covers):
        return drawn, ()
    return None, (drawn.warning,)


def _rendered(
    row: TrackRow,
    generation: str,
    source: Source,
    rendition: Rendition,
    covers: Covers | None,
    warnings: tuple[str, ...],
    sizes: dict[str, int],
) -> Rendered:
    loudness = rendition.loudness
    return Rendered(
        generation=generation,
        labels=_labels(row, source),
        tags=source.tags,
        duration_ms=rendition.duration_ms,
        content_type=source.probe.content_type,
        loudness_lufs=loudness.integrated_lufs if loudness else None,
        true_peak_dbtp=loudness.true_peak_dbtp if loudness else None,
        gain_db=loudness.gain_db if loudness else None,
        has_cover=covers is not None,
        codec=source.probe.codec,
        sample_rate_hz=rendition.rate_hz,
        channels=rendition.channels,
        duration_samples=rendition.duration_samples,
        peaks=bytes(level & 0xFF for pair in rendition.peaks for level in pair),
        warnings=(*source.warnings, *rendition.warnings, *warnings),
        lyrics=source.lyrics,
        files=sizes,
        sound_hash=source.probe.sound_hash,
    )


def _labels(row: TrackRow, source: Source) -> Labels:
    """What the tags say; where they are silent, what the track is called already."""
    tags, present = source.tags, tracks.labels_of(row)
    return Labels(
        title=tags.title or present.title,
        artist=tags.artist or present.artist,
        album=tags.album or present.album,
        album_artist=tags.album_artist or present.album_artist,
        genre=tags.genre or present.genre,
        year=tags.year or present.year,
        track_number=tags.track_number or present.track_number,
        disc_number=tags.disc_number or present.disc_number,
    )
