"""The scores of the quiet pieces: each returns a desk on which everything has been played."""
# ruff: noqa: PLR2004  # scores are made of figures

from itertools import cycle

from backline.audio.demo.desk import Desk
from backline.audio.demo.harmony import chord, close, deep
from backline.audio.demo.voices import bell, brush, pad, piano, pluck


def slow_lights() -> Desk:
    """Ambient: pads that breathe over four beats each, and a bell far out."""
    desk = Desk(58, 32)
    names = ["Cmaj9", "Am9", "Fmaj9", "Gsus", "Em7", "Fmaj9", "Dm9", "Cmaj9"]
    for bar, name in enumerate(names):
        for index, note in enumerate(close(name, 55)):
            pan = (-0.6, 0.5, -0.2, 0.7, 0.1)[index % 5]
            desk.play(pad, note, bar * 4, 5.4, level=0.17, pan=pan, room=0.5)
        desk.play(pad, deep(name, 36), bar * 4, 5.0, level=0.3, room=0.1)
    melody = [(3, 79), (5.5, 76), (7, 74), (10, 72), (11.5, 76), (13, 79), (14.5, 74)]
    melody += [(18, 83), (19.5, 79), (21, 76), (22.5, 72), (25, 74), (26.5, 77), (28, 76)]
    for beat, note in melody:
        desk.play(bell, note, beat, 4, level=0.11, pan=0.4 if note % 2 else -0.4, room=0.9)
    desk.echo(1.5, 0.45, 0.3)
    return desk


def paper_boats() -> Desk:
    """Folk: a waltz for two plucked strings."""
    desk = Desk(112, 57)
    names = ["G", "Em7", "Cadd9", "D", "G", "Bm", "Cadd9", "D7"] * 2 + ["Cadd9", "D", "G"]
    for bar, name in enumerate(names):
        start, notes = bar * 3, chord(name, 55)
        desk.play(pluck, deep(name, 40), start, 3, level=0.42, pan=-0.15)
        for step, index in enumerate((1, 2, 0, 2, 1)):
            note = notes[index] + (12 if step == 2 else 0)
            desk.play(pluck, note, start + 0.5 + step * 0.5, 2, level=0.2, pan=-0.4, room=0.25)
        if 4 <= bar < 16:
            desk.hit(brush, start + 1, level=0.16, pan=0.3)
            desk.hit(brush, start + 2, level=0.2, pan=0.3)
    tune = [(12, 74, 2), (14, 71, 1), (15, 74, 2), (17, 78, 1), (18, 76, 2), (20, 74, 1)]
    tune += [(21, 72, 1), (22, 69, 1), (23, 66, 1), (24, 67, 3)]
    tune += [(27, 71, 1), (28, 74, 1), (29, 76, 1), (30, 79, 2), (32, 76, 1), (33, 74, 2)]
    tune += [(35, 71, 1), (36, 74, 2), (38, 78, 1), (39, 79, 2), (41, 78, 1), (42, 76, 2)]
    tune += [(44, 72, 1), (45, 69, 1), (46, 72, 1), (47, 74, 1), (48, 76, 2), (50, 74, 1)]
    tune += [(51, 72, 1), (52, 69, 2), (54, 71, 3)]
    for beat, note, beats in tune:
        desk.play(pluck, note, beat, beats + 1, level=0.34, pan=0.35, room=0.4)
        desk.play(bell, note + 12, beat, beats + 1, level=0.035, pan=0.5, room=0.8)
    return desk


def first_frost() -> Desk:
    """Classical: a piano alone, broken chords under a line that climbs and falls back."""
    desk = Desk(72, 40)
    names = ["Em", "Cmaj7", "G", "D", "Em", "Am7", "Cmaj7", "Bm", "Cmaj7", "Em"]
    for bar, name in enumerate(names):
        start, notes = bar * 4, [deep(name, 40), *chord(name, 52)]
        pattern = [notes[0], notes[1], notes[2], notes[3], notes[1] + 12, notes[3], notes[2]]
        for step, note in zip(range(8), cycle(pattern), strict=False):
            soft = 0.16 + 0.05 * (step == 0)
            desk.play(piano, note, start + step * 0.5, 3, level=soft, pan=-0.25, room=0.3)
    line = [(4, 71, 2), (6, 76, 1), (7, 74, 1), (8, 74, 3), (11, 71, 1), (12, 69, 2), (14, 66, 2)]
    line += [(16, 67, 1.5), (17.5, 71, 0.5), (18, 76, 2), (20, 79, 1.5), (21.5, 76, 0.5)]
    line += [(22, 72, 2), (24, 71, 2), (26, 67, 1), (27, 64, 1), (28, 66, 3), (31, 62, 1)]
    line += [(32, 64, 2), (34, 71, 2), (36, 76, 4)]
    for beat, note, beats in line:
        desk.play(piano, note, beat, beats + 1.5, level=0.36, pan=0.2, room=0.45)
        if beat >= 16:
            desk.play(piano, note - 12, beat, beats + 1, level=0.12, pan=0.3, room=0.4)
    for note in (40, 52, 59, 64, 67):
        desk.play(piano, note, 39.5, 4, level=0.16, room=0.4)
    return desk
