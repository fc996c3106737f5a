"""The floor of free disk."""

from pathlib import Path

import pytest

from backline.platform.errors import DiskFull
from backline.platform.host.disk import check_room, free_bytes, in_words


def test_what_fits_above_the_floor_passes(tmp_path: Path) -> None:
    check_room(tmp_path, 1000, free_bytes(tmp_path) // 2)


def test_what_would_go_below_the_floor_is_refused_with_the_figures(tmp_path: Path) -> None:
    with pytest.raises(DiskFull, match=r"keeps 1\.0 TB of it in reserve, so 5\.0 GB can't"):
        check_room(tmp_path, 5 * 10**9, 10**12)


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (999_600, "1.0 MB"),
     (12_000_000, "12 MB"), (1_400_000_000, "1.4 GB"), (5 * 10**12, "5.0 TB")],
)  # fmt: skip
def test_sizes_in_words(size_bytes: int, words: str) -> None:
    assert in_words(size_bytes) == words
