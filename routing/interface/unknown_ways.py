"""Events that name a road by ids that the map does not have: a slip of the pen, or another map."""

from __future__ import annotations

from collections.abc import Iterable

from routing.errors import Issue
from routing.events.types import Event
from routing.travel.conditions import BetweenNodes, OnWay


def unknown_ways(nowhere: Iterable[Event]) -> list[Issue]:
    """Return a fault for each event without any road that names one by its ids; lines and areas may lie beside."""
    return [
        Issue(
            code="WAY_UNKNOWN",
            where=f"event {event.id} ({event.TYPE})",
            cause="no road of this map that vehicles may use has the ids that it names",
            action="Correct way_id, or from_osm_id and to_osm_id, or give a line or an area.",
        )
        for event in nowhere
        if isinstance(getattr(event, "where", None), OnWay | BetweenNodes)
    ]
