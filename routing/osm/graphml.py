"""Read GraphML as OSMnx saves it."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import ParseError

from routing.errors import InputError, Issue
from routing.osm.extract import Extract
from routing.osm.graph import extract_graph


def extract_graphml(file: Path, content_sha256: str) -> Extract:
    """Read a GraphML file of OSMnx; its `lacks` says what this format cannot tell.

    Raises
    ------
    InputError
        Where the file is no GraphML, is cut short, or its graph is not as OSMnx writes it.
    """
    import networkx as nx

    try:
        graph = nx.read_graphml(file, force_multigraph=True)
    except (ParseError, nx.NetworkXError, KeyError, ValueError, UnicodeDecodeError) as error:
        issue = Issue(
            code="MAP_DAMAGED",
            where=str(file),
            cause=f"is damaged, cut short or no GraphML ({error})",
            action="save the graph again with OSMnx's save_graphml",
        )
        raise InputError([issue]) from error
    return extract_graph(graph, file.name, content_sha256)
