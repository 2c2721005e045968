"""Turn ways, some of whose nodes may be missing, into the flat arrays of an `Extract`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from routing.errors import InputError, Issue
from routing.osm.extract import Extract, Tags
from routing.osm.restriction import Restriction


def cut_ways(
    *,
    way_id: NDArray[np.int64],
    way_tags: Sequence[Tags],
    node_count: NDArray[np.int64],
    node_id: NDArray[np.int64],
    lat_deg: NDArray[np.float64],
    lon_deg: NDArray[np.float64],
    node_tags: Mapping[int, Tags],
    restrictions: tuple[Restriction, ...],
    source: str,
    source_sha256: str,
    timestamp: str | None,
    lacks: tuple[str, ...],
) -> Extract:
    """Split ways at nodes whose coordinates are NaN and number the nodes that remain.

    `node_count` says how many of the flat `node_id`, `lat_deg` and `lon_deg` belong to each way.
    """
    row = np.repeat(np.arange(way_id.size), node_count)
    present = ~np.isnan(lat_deg)
    kept = np.flatnonzero(present)
    new_piece = np.ones(kept.size, dtype=np.bool_)
    new_piece[1:] = (row[kept[1:]] != row[kept[:-1]]) | (np.diff(kept) > 1)
    repeated = np.zeros(kept.size, dtype=np.bool_)
    repeated[1:] = ~new_piece[1:] & (node_id[kept[1:]] == node_id[kept[:-1]])
    piece = (np.cumsum(new_piece) - 1)[~repeated]
    kept = kept[~repeated]
    long_enough = np.bincount(piece, minlength=1)[piece] >= 2 if piece.size else piece.astype(np.bool_)
    kept, piece = kept[long_enough], piece[long_enough]
    if not kept.size:
        issue = Issue(
            code="MAP_WITHOUT_ROADS",
            where=source,
            cause="none of its roads has two nodes with coordinates",
            action="take a map that holds the nodes of its ways",
        )
        raise InputError([issue])
    first = np.flatnonzero(np.concatenate([[True], np.diff(piece) > 0]))
    ids, once, way_node = np.unique(node_id[kept], return_index=True, return_inverse=True)
    lat, lon = lat_deg[kept][once], lon_deg[kept][once]
    tagged = [index for index, ref in enumerate(ids.tolist()) if ref in node_tags]
    rows = row[kept[first]]
    return Extract(
        node_id=ids,
        node_lat_deg=lat,
        node_lon_deg=lon,
        tagged_node=np.array(tagged, dtype=np.int32),
        node_tags=tuple(node_tags[int(ids[index])] for index in tagged),
        way_id=way_id[rows],
        way_first=np.append(first, kept.size).astype(np.int64),
        way_node=way_node.astype(np.int32),
        way_tags=tuple(way_tags[index] for index in rows.tolist()),
        restrictions=restrictions,
        ways_cut=int(np.unique(row[~present]).size),
        nodes_missing=int(np.unique(node_id[~present]).size),
        bbox_deg=(float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())),
        source=source,
        source_sha256=source_sha256,
        timestamp=timestamp,
        lacks=lacks,
    )
