"""Smaller sizes of previews: workers make them of a show's segments, one confined call for each.

`node/ladders` wants them, `Ladders` takes what is wanted, `transcoding` makes them where nothing
else can be reached, and the node keeps and lists them beside the encoder's own (`preview/rungs`).
"""
