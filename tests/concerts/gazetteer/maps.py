"""Files of venues for tests: GeoJSON, and extracts as OpenStreetMap's own tools write them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import osmium
from osmium.osm import mutable

SO36 = {"amenity": "nightclub", "name": "SO36", "alt_name": "SO 36; Esso"}
CORNERS = [(13.0, 52.0), (13.002, 52.0), (13.002, 52.001), (13.0, 52.001)]


def feature(
    name: str, place: Sequence[float] = (13.42226, 52.50039), **more: Any
) -> dict[str, Any]:
    """A venue of OpenStreetMap at a point (longitude, latitude)."""
    properties = {"amenity": "theatre", "name": name, "@id": f"node/{len(name)}", **more}
    geometry = {"type": "Point", "coordinates": [*place]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Mapping[str, Any]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features, "bbox": [1, 2, 3, 4]})


def extract(path: Path, *, nodes: int = 0) -> Path:
    """A club, a stadium, a park of two lines with a hole, what is no venue; `nodes` more clubs."""
    path.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(path)) as out:
        out.add_node(mutable.Node(id=1, location=(13.42226, 52.50039), tags=SO36))
        out.add_node(mutable.Node(id=2, location=(13.4, 52.5), tags={"amenity": "bar"}))
        out.add_node(mutable.Node(id=3, location=(13.4, 52.5), tags={"amenity": "theatre"}))
        for n, corner in enumerate(CORNERS):
            out.add_node(mutable.Node(id=10 + n, location=corner))
        for n in range(nodes):
            tags = {"amenity": "nightclub", "name": f"Club {n}"}
            out.add_node(mutable.Node(id=100 + n, location=(n % 90, n % 45), tags=tags))
        ring = [10, 11, 12, 13, 10]
        arena = {"leisure": "stadium", "name": "Arena", "old_name": "Field", "capacity": "20000"}
        out.add_way(mutable.Way(id=5, nodes=ring, tags=arena))
        out.add_way(mutable.Way(id=6, nodes=[10, 11, 12]))
        out.add_way(mutable.Way(id=7, nodes=[12, 13, 10]))
        out.add_way(mutable.Way(id=8, nodes=[12, 99], tags={"leisure": "park", "name": "Cut"}))
        parts = [("w", 6, "outer"), ("w", 7, "outer"), ("w", 8, "inner")]
        park = {"leisure": "park", "name": "Park", "type": "multipolygon"}
        out.add_relation(mutable.Relation(id=9, members=parts, tags=park))
    return path
