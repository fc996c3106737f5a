"""Reading files of venues: GeoJSON, and extracts of OpenStreetMap (PBF).

A process of its own reads (`__main__`), bounded and confined, and writes what it finds line by
line; nothing here knows the database.
"""
