"""A tone cut in two plays through the web player as if it had never been cut, in Chromium."""

import math
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, expect

from tests.e2e.loudspeaker import HZ, RATE_HZ, TURN, envelope, forget, listen, phases, recorded
from tests.e2e.test_journey import PREPARED_MS, sign_up
from tests.support import sounds
from tests.support.installation import Installation

# Where the tone goes through zero, so that a sample too few or too many leaps furthest.
CUT = 529_601
END = 970_000
MOST_TIMES = 3

pytestmark = [pytest.mark.audio, pytest.mark.slow]


@pytest.fixture(scope="module")
def halves(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """One tone in two files, the second of which goes on where the first one ends."""
    folder = tmp_path_factory.mktemp("halves")
    paths: list[Path] = []
    for title, start, end in (("First half", 0, CUT), ("Second half", CUT, END)):
        left = sounds.tone_samples(end - start, RATE_HZ, HZ, start)
        wav = sounds.write_wav(folder / f"{title}.wav", [left, left], RATE_HZ)
        paths.append(sounds.encoded(wav, folder / f"{title}.flac", *titled(title)))
    return paths


def titled(title: str) -> tuple[str, ...]:
    return "-metadata", f"title={title}", "-metadata", "artist=Tone"


def open_library(page: Page, installation: Installation, email: str, songs: list[Path]) -> None:
    listen(page)
    sign_up(page, installation, email)
    page.get_by_label("Music files").first.set_input_files(songs)
    page.get_by_role("link", name="Library").first.click()
    page.get_by_label("Sort").select_option("By title")
    for song in songs:
        play = page.get_by_role("button", name=f"Play {song.stem}").first
        expect(play).to_be_enabled(timeout=PREPARED_MS)


def played(page: Page, title: str) -> NDArray[np.float64]:
    """What sounds from the track of that title on: from the first sample to the last.

    Where a machine stood still for so long that the element ran out of sound, once more.
    """
    for _ in range(MOST_TIMES):
        forget(page)
        page.get_by_role("table").get_by_role("button", name=f"Play {title}").click()
        page.wait_for_function("window.tap.element?.paused === false")
        page.wait_for_function("window.tap.element.ended", timeout=PREPARED_MS)
        sound, waited = recorded(page)
        if not waited:
            return sound
    pytest.fail("the machine is too slow to play anything")


def test_a_tone_cut_in_two_sounds_as_if_it_had_never_been_cut(
    installation: Installation, page: Page, halves: list[Path]
) -> None:
    open_library(page, installation, "gapless@example.org", halves)

    sound = played(page, "First half")

    # A sine begins and ends within a sample or two of nothing.
    assert abs(len(sound) - END) <= 3
    assert np.ptp(phases(sound)) < 0.5
    # Of a sine each sample follows from the two before it. A sample too many would be off by 0.023.
    off = np.abs(sound[2:] - 2 * math.cos(TURN) * sound[1:-1] + sound[:-2])
    assert np.max(off[CUT - 3000 : CUT + 3000]) < 0.015
    expect(page.get_by_role("region", name="Player")).to_contain_text("Second half")


def test_each_track_is_at_its_own_level_from_where_it_begins(
    installation: Installation, page: Page, tmp_path: Path
) -> None:
    tone = sounds.tone(tmp_path / "tone.wav", 4)
    loud, quiet = (
        sounds.encoded(tone, tmp_path / f"{title}.flac", "-af", f"volume={db}dB", *titled(title))
        for title, db in (("Loud", 0), ("Quiet", -12))
    )
    open_library(page, installation, "levelled@example.org", [loud, quiet])
    as_recorded = envelope(played(page, "Loud"))
    bar = page.get_by_role("region", name="Player")
    bar.get_by_role("link").first.click()
    page.get_by_role("button", name="Loudness: As recorded").click()
    page.get_by_role("menuitemradio", name="By track").click()
    page.go_back()
    levelled = envelope(played(page, "Loud"))

    # Both are levels in each millisecond: what differs for less than a twentieth of a second isn't
    # a track that begins at the level of the one before.
    assert np.max(as_recorded) > 3.5 * np.median(as_recorded[5000:])
    usual = np.median(levelled)
    assert np.sum(np.abs(levelled[20:-20] / usual - 1) > 0.1) < 50


def test_what_is_taken_out_after_it_was_laid_ahead_isnt_heard(
    installation: Installation, page: Page, tmp_path: Path
) -> None:
    tone = sounds.tone(tmp_path / "tone.wav", 12)
    songs = [
        sounds.encoded(tone, tmp_path / f"{title}.flac", "-af", f"volume={db}dB", *titled(title))
        for title, db in (("Alto", 0), ("Bass", -12), ("Choir", -6))
    ]
    open_library(page, installation, "last-second@example.org", songs)
    page.get_by_role("table").get_by_role("button", name="Play Alto").click()
    page.wait_for_function("window.tap.element?.buffered.length")
    page.wait_for_function("window.tap.element.buffered.end(0) > 23")
    bar = page.get_by_role("region", name="Player")
    bar.get_by_role("button", name="Pause", exact=True).click()
    bar.get_by_role("link").first.click()
    page.get_by_role("button", name="Actions for Bass").click()
    page.get_by_role("menuitem", name="Take out").click()
    expect(page.get_by_role("button", name="Actions for Bass")).to_have_count(0)
    bar.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("window.tap.element.ended", timeout=PREPARED_MS)

    sound = envelope(recorded(page)[0])

    loud, middle = sounds.LEVEL / 32768, sounds.LEVEL / 32768 / 2
    assert len(sound) > 23_000
    assert np.median(sound[:11_000]) == pytest.approx(loud, rel=0.05)
    assert np.median(sound[-11_000:]) == pytest.approx(middle, rel=0.05)
    assert np.sum(np.abs(sound - loud / 4) < loud / 20) < 100
    expect(bar).to_contain_text("Choir")
