"""Stand-ins for the services outside: setlist.fm, Overpass, Nominatim, MusicBrainz, Google Drive.

They speak the real contracts over real HTTP, errors and quirks included, from what a `known.Land`
and a `drive.Files` say. Only `--demo` and the tests import them.
"""
