"""Composes a sample piece into a tagged FLAC file with its cover. Needs numpy."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from mutagen.flac import FLAC, Picture

from backline.audio.demo import artwork, lively, quiet
from backline.audio.demo.catalogue import PIECES, DemoTrack, Piece
from backline.audio.demo.desk import Desk
from backline.audio.demo.voices import RATE_HZ, Samples

_FRAME_SAMPLES: Final = 4096
_FRONT_COVER: Final = 3


def compose(index: int, path: str) -> DemoTrack:
    """Write the piece `PIECES[index]` to `path`: the same bytes every time on one machine."""
    piece = PIECES[index]
    score: Callable[[], Desk] = getattr(quiet, piece.score, None) or getattr(lively, piece.score)
    mix = score().mix()
    _write_flac(mix, path)
    _tag(piece, artwork.draw(mix, piece.layout, piece.hue), path)
    return DemoTrack(
        index=index,
        path=path,
        size_bytes=Path(path).stat().st_size,
        duration_samples=mix.shape[1],
        rate_hz=RATE_HZ,
    )


def _write_flac(mix: Samples, path: str) -> None:
    whole = np.rint(mix * 32767).astype("<i2")
    with av.open(path, "w", format="flac") as container:
        opened: Any = container
        stream = opened.add_stream("flac", rate=RATE_HZ, layout="stereo")
        for at in range(0, whole.shape[1], _FRAME_SAMPLES):
            part = np.ascontiguousarray(whole[:, at : at + _FRAME_SAMPLES].T.reshape(1, -1))
            frame = av.AudioFrame.from_ndarray(part, format="s16", layout="stereo")
            frame.sample_rate, frame.pts = RATE_HZ, at
            opened.mux(stream.encode(frame))
        opened.mux(stream.encode(None))


def _tag(piece: Piece, cover: bytes, path: str) -> None:
    file: Any = FLAC(path)
    file.delete()
    file.clear_pictures()
    file["title"], file["artist"], file["album"] = piece.title, piece.artist, piece.album
    file["albumartist"], file["genre"] = piece.artist, piece.genre
    file["date"], file["tracknumber"] = str(piece.year), str(piece.track_number)
    picture: Any = Picture()
    picture.data, picture.type, picture.mime = cover, _FRONT_COVER, "image/jpeg"
    picture.width = picture.height = artwork.SIDE_PX
    picture.depth = 24
    file.add_picture(picture)
    file.save()
