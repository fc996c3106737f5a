"""Demo music and people: pieces that the program synthesises itself, the same every time.

`compose` needs numpy and takes most of a second a piece, so call it in another process.
"""

from backline.audio.demo.catalogue import PEOPLE, PIECES, DemoPerson, DemoTrack, Piece

__all__ = ["PEOPLE", "PIECES", "DemoPerson", "DemoTrack", "Piece"]
