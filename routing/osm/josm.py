"""Read what JOSM's own files say beyond OSM XML: which objects an edit deletes.

JOSM keeps a deleted object in the file, as OSM has it, with action="delete"
(https://wiki.openstreetmap.org/wiki/JOSM_file_format); osmium does not look at that attribute.
"""

from __future__ import annotations

import bz2
import gzip
import re
from pathlib import Path

_OBJECT = re.compile(r"<(node|way|relation)\s([^>]*)>")
_DELETED = re.compile(r"""\baction=(["'])delete\1""")
_ID = re.compile(r"""\bid=(["'])(-?\d+)\1""")


def deleted_objects(file: Path) -> frozenset[tuple[str, int]]:
    """Return type letter and id of the objects that an .osm, .osm.gz or .osm.bz2 file of JOSM marks as deleted."""
    content = file.read_bytes()
    packed = {".gz": gzip.decompress, ".bz2": bz2.decompress}.get(file.suffix.lower())
    text = (packed(content) if packed else content).decode()
    return frozenset(
        (kind[0], int(found[2]))
        for kind, attributes in _OBJECT.findall(text)
        if _DELETED.search(attributes) and (found := _ID.search(attributes))
    )
