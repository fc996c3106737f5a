"""Demo music: pieces that the program synthesises itself, the same every time.

`compose` needs numpy and takes most of a second a piece, so call it in another process.
"""

from backline.audio.demo.catalogue import PIECES, DemoTrack, Piece

__all__ = ["PIECES", "DemoTrack", "Piece"]
