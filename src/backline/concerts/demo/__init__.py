"""Sample photos: nights that the program paints itself, with EXIF as cameras write it.

Only `backline up --demo` and tests come here: it stands on numpy, which no server needs.
"""
