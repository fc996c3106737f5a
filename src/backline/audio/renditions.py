"""From an uploaded file to what is played: inspected, rendered, stored, and not yet seen."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from backline.audio import tracks
from backline.audio.engine.findings import Covers
from backline.audio.engine.render import Rendition, render
from backline.audio.engine.source import Source, draw_covers, inspect
from backline.audio.models import Labels, Rendered, TrackRow
from backline.audio.settings import AudioServices
from backline.platform.ids import uuid7

Progress = Callable[[int, int], None]


async def make(services: AudioServices, row: TrackRow, on_progress: Progress) -> Rendered:
    """Render a track's original into a generation of its own, which nothing points to yet.

    A generation that never is pointed to, because of a crash or a late worker, is swept.

    Raises:
        Unplayable: the file is at fault, with the reason for its owner.
        OutOfSpace: the disk is full.
        NotFound: the original is gone: its owner has deleted it.
    """
    generation = uuid7().hex
    original = tracks.original_key(row.owner_id, row.id)
    with tempfile.TemporaryDirectory(dir=services.work_dir, prefix="render-") as folder:
        aside, out = Path(folder) / "aside", Path(folder) / "out"
        aside.mkdir()
        out.mkdir()
        async with services.storage.local_copy(original) as path:
            source = await inspect(services.confinement, path, aside)
            rendition = await render(
                services.confinement, path, source.probe, out, services.ffmpeg, on_progress
            )
        covers, warnings = await _covers(services, source, out)
        where = tracks.prefix(row.owner_id, row.id, generation)
        sizes: dict[str, int] = {}
        for file in sorted(out.iterdir()):
            stored = await services.storage.put_file(f"{where}/{file.name}", file)
            sizes[file.name] = stored.size_bytes
    return _rendered(row, generation, source, rendition, covers, warnings, sizes)


async def _covers(
    services: AudioServices, source: Source, out: Path
) -> tuple[Covers | None, tuple[str, ...]]:
    if source.cover_path is None:
        return None, ()
    drawn = await draw_covers(services.confinement, source.cover_path, out)
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
        files=sizes,
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
