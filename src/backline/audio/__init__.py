"""The audio library: music goes in, sound comes out."""
