"""The scores of the pieces with drums: each returns a desk on which everything has been played."""
# ruff: noqa: PLR2004, C901  # scores are made of figures and loops

from backline.audio.demo.desk import Desk
from backline.audio.demo.harmony import chord, close, deep
from backline.audio.demo.voices import (
    bass,
    bell,
    brush,
    electric,
    hat,
    kick,
    lead,
    pad,
    pluck,
    rim,
    saw,
    snare,
)


def tin_roof_rain() -> Desk:
    """Lo-fi: an electric piano that lags behind its drums."""
    desk = Desk(76, 40, swing=0.12)
    names = ["Dm9", "G13", "Cmaj9", "A7b9"] * 2 + ["Fmaj9", "Cmaj9"]
    for bar, name in enumerate(names):
        start = bar * 4
        for index, note in enumerate(close(name, 57)):
            lag = 0.03 * index
            pan = -0.35 + 0.2 * index
            desk.play(electric, note, start + lag, 2.6, level=0.17, pan=pan, room=0.35)
            desk.play(electric, note, start + 2.5 + lag, 1.3, level=0.1, pan=pan, room=0.35)
        root = deep(name)
        for beat, beats, step in ((0, 1.4, 0), (1.5, 0.9, 7), (2.5, 1.3, 0)):
            desk.play(bass, root + step, start + beat, beats, level=0.42, room=0.02)
        if bar < 1 or bar > 8:
            continue
        for beat in (0, 1.75, 2.5):
            desk.hit(kick, start + beat, level=0.6)
        for beat in (1, 3):
            desk.hit(snare, start + beat + 0.02, level=0.34, room=0.25)
        for eighth in range(8):
            desk.hit(hat, start + eighth / 2, level=0.16 if eighth % 2 else 0.24, pan=0.3)
    tune = [(8, 76), (9, 72), (9.5, 74), (11, 71), (12.5, 69), (13.5, 73), (16, 77), (17, 76)]
    tune += [(17.5, 72), (19, 71), (20, 74), (21.5, 76), (24, 79), (25.5, 76), (27, 74), (28.5, 73)]
    tune += [(32, 72), (33.5, 69), (35, 67), (36, 64)]
    for beat, note in tune:
        desk.play(bell, note, beat, 2, level=0.13, pan=0.25, room=0.5)
    desk.echo(0.75, 0.35, 0.14)
    return desk


def copper_wire() -> Desk:
    """Electronic: sixteenths of saw over four to the floor."""
    desk = Desk(122, 64)
    names = ["Am9", "Fmaj7", "Cadd9", "Em7"] * 4
    for bar, name in enumerate(names):
        start, notes = bar * 4, chord(name, 57)
        for note in close(name, 55):
            desk.play(pad, note, start, 4.6, level=0.13, pan=(note % 5 - 2) / 3, soft=True)
        order = [0, 1, 2, 1, 3 % len(notes), 2, 1, 2]
        for step in range(16):
            note = notes[order[step % 8]] + (12 if step % 8 == 4 else 0)
            level = 0.07 + 0.05 * min(bar, 8) / 8
            pan = 0.55 if step % 2 else -0.55
            desk.play(saw, note, start + step / 4, 0.5, level=level, pan=pan, soft=True)
        if bar >= 2:
            for eighth in range(8):
                octave = 12 if eighth % 2 else 0
                desk.play(bass, deep(name) + octave, start + eighth / 2, 0.45, level=0.3, room=0)
        if 4 <= bar < 15:
            for beat in range(4):
                desk.hit(kick, start + beat, level=0.72, room=0.02)
                desk.hit(hat, start + beat + 0.5, level=0.32, pan=0.2)
        if 6 <= bar < 15:
            for beat in (1, 3):
                desk.hit(snare, start + beat, level=0.36, room=0.3)
    tune = [(0, 76, 1.5), (1.5, 74, 0.5), (2, 72, 2), (4, 69, 3), (7, 71, 1), (8, 72, 1.5)]
    tune += [(9.5, 76, 0.5), (10, 79, 2), (12, 76, 2), (14, 74, 2)]
    for begin in (32, 48):
        for beat, note, beats in tune:
            desk.play(lead, note, begin + beat, beats, level=0.13, room=0.4)
    desk.duck([float(beat) for beat in range(16, 60)], 0.62)
    desk.echo(0.75, 0.4, 0.16)
    return desk


def night_bus() -> Desk:
    """Synthwave: the last bus, wet streets, one lead that sings."""
    desk = Desk(100, 56)
    names = ["F#m", "D", "A", "E"] * 3 + ["D", "F#m"]
    for bar, name in enumerate(names):
        start = bar * 4
        for index, note in enumerate([*chord(name, 54), chord(name, 54)[0] + 12]):
            desk.play(pad, note, start, 4.8, level=0.15, pan=-0.6 + 0.4 * index, soft=True)
        for eighth in range(8):
            accent = 0.27 if eighth % 4 == 0 else 0.2
            desk.play(saw, deep(name, 30), start + eighth / 2, 0.5, level=accent, room=0.02)
            desk.play(bass, deep(name, 30), start + eighth / 2, 0.45, level=0.26, room=0)
        if 2 <= bar < 13:
            for beat, drum, level in (
                (0, kick, 0.7),
                (1, snare, 0.5),
                (2, kick, 0.7),
                (3, snare, 0.5),
            ):
                desk.hit(drum, start + beat, level=level, room=0.5 if drum is snare else 0.02)
            desk.hit(kick, start + 2.5, level=0.5, room=0.02)
            for eighth in range(8):
                desk.hit(hat, start + eighth / 2, level=0.2, pan=-0.25)
    tune = [(0, 73, 3), (3, 76, 1), (4, 78, 2), (6, 76, 1), (7, 74, 1), (8, 73, 3), (11, 69, 1)]
    tune += [(12, 71, 2), (14, 68, 2)]
    for begin, up in ((16, 0), (32, 12)):
        for beat, note, beats in tune:
            desk.play(lead, note + up, begin + beat, beats, level=0.17 - up / 200, room=0.5)
    desk.duck([float(bar * 4 + beat) for bar in range(2, 13) for beat in (0, 2)], 0.4)
    desk.echo(0.75, 0.42, 0.18)
    return desk


def kiosk() -> Desk:
    """Jazz: a bossa for the queue at the window."""
    desk = Desk(138, 64)
    names = ["Dm9", "G13", "Cmaj9", "A7b9"] * 3 + ["Dm9", "G13", "Cmaj9", "C6"]
    for bar, name in enumerate(names):
        start, root = bar * 4, deep(name, 38)
        for beat, beats, step in ((0, 1.5, 0), (1.5, 0.5, 7), (2, 1.5, 7), (3.5, 0.5, 0)):
            desk.play(
                bass, root + step - (12 if step else 0), start + beat, beats, level=0.4, room=0.05
            )
        for beat in (0, 1, 2.5, 3.5) if bar % 2 == 0 else (0.5, 1.5, 3):
            for index, note in enumerate(close(name, 56)):
                desk.play(pluck, note, start + beat, 0.9, level=0.13, pan=-0.5 + 0.1 * index)
        if bar == 0:
            continue
        for beat in (0, 1.5, 3) if bar % 2 == 0 else (1, 2.5):
            desk.hit(rim, start + beat, level=0.2, pan=0.4, room=0.25)
        for beat in range(4):
            desk.hit(brush, start + beat, level=0.13 if beat % 2 else 0.09, pan=-0.2)
            desk.hit(hat, start + beat + 0.5, level=0.1, pan=0.3)
    tune = [(0, 77, 1.5), (1.5, 76, 1), (2.5, 74, 1.5), (4.5, 71, 1), (5.5, 69, 2), (8, 67, 1)]
    tune += [(9, 71, 1), (10, 74, 1.5), (12, 73, 1), (13, 70, 1), (14, 69, 2)]
    more = [(0, 81, 1), (1, 77, 0.5), (1.5, 76, 1), (2.5, 74, 1), (4, 76, 1.5), (5.5, 71, 2)]
    more += [(8, 72, 0.5), (8.5, 74, 0.5), (9, 76, 1.5), (10.5, 79, 1.5), (13, 76, 1), (14, 73, 2)]
    for begin, phrase in ((16, tune), (32, more), (48, tune[:8])):
        for beat, note, beats in phrase:
            desk.play(electric, note, begin + beat, beats + 0.4, level=0.24, pan=0.25, room=0.35)
    return desk


def after_the_encore() -> Desk:
    """Dub: the hall is empty, the echo isn't."""
    desk = Desk(72, 36)
    names = ["Am7", "Am7", "Dm7", "Am7", "Fmaj7", "Em7", "Am7", "Dm7", "Am7"]
    for bar, name in enumerate(names):
        start = bar * 4
        for beat in (1, 3):
            for note in close(name, 57):
                desk.play(electric, note, start + beat, 0.45, level=0.13, pan=0.35, room=0.5)
        if bar % 4 == 3:
            for note in close(name, 69):
                desk.play(saw, note, start + 2.5, 0.4, level=0.08, pan=-0.6, room=0.9)
    desk.echo(0.75, 0.55, 0.4)
    for bar, name in enumerate(names):
        start, root = bar * 4, deep(name, 33)
        line = ((0, 0, 0.9), (1, 0, 0.4), (1.5, 3, 0.4), (2, 7, 0.9), (3, 5, 0.4), (3.5, 3, 0.4))
        for beat, step, beats in line:
            desk.play(bass, root + step, start + beat, beats, level=0.55, room=0)
        if 1 <= bar < 8:
            desk.hit(kick, start + 2, level=0.8, room=0.05)
            desk.hit(rim, start + 2, level=0.3, room=0.8)
            for eighth in range(8):
                desk.hit(
                    hat, start + eighth / 2, level=0.2 if eighth % 2 else 0.1, pan=-0.3, room=0.2
                )
        if bar >= 2:
            for note in close(name, 57):
                desk.play(pad, note, start, 4.6, level=0.07, pan=-0.3, room=0.6)
    for beat, note in (
        (10, 76),
        (11, 72),
        (13.5, 69),
        (18, 72),
        (19.5, 76),
        (22, 71),
        (27, 81),
        (30, 77),
    ):
        desk.play(bell, note, beat, 3, level=0.1, pan=-0.45, room=1.0)
    return desk
