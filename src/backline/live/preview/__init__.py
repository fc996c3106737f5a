"""What a browser can play of a show: the encoder's own frames in fMP4, without transcoding them.

It knows no database: frames are put in, segments and playlists come out, and `asking` brings them
from the process that has them to the one that is asked.
"""
