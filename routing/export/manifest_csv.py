"""The driver's manifest as CSV: one line per stop in visiting order, readable again as stops.csv.

UTF-8 with a byte order mark, which spreadsheets want before they show accents; lines end as in RFC 4180.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from routing.export.changes import Change
from routing.export.files import chosen_routes, write_whole
from routing.export.schema import PlanDocument, RouteDocument

_OWN = (
    "position",
    "stop_id",
    "address",
    "lat_deg",
    "lon_deg",
    "arrival",
    "start",
    "departure",
    "window_start",
    "window_end",
    "window2_start",
    "window2_end",
    "service_s",
    "approach",
    "load",
    "load_after",
    "priority",
    "waiting_s",
    "lateness_s",
    "leg_duration_s",
    "leg_distance_m",
    "access_walk_m",
    "access_walk_s",
)
_TOLD = ("promised_start", "promised_end", "on_time_ratio")
"""Columns of plans of a day under way: what the customer was told, and how likely service begins in time."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_csv(
    document: PlanDocument, out_dir: Path, *, vehicle_id: str | None = None, changes: tuple[Change, ...] = ()
) -> tuple[Path, ...]:
    """Write one manifest per driver and return their paths."""
    return tuple(
        write_whole(out_dir / f"{stem}.csv", manifest_text(route, changes))
        for stem, route in chosen_routes(document, vehicle_id)
    )


def manifest_text(route: RouteDocument, changes: tuple[Change, ...] = ()) -> str:
    """Return the manifest of a route; with changes, a last column says them.

    Text that a spreadsheet would run as a formula gets an apostrophe in front, as OWASP advises:
    https://owasp.org/www-community/attacks/CSV_Injection.
    """
    further = list(dict.fromkeys(name for visit in route.visits for name in visit.columns))
    stream = io.StringIO()
    writer = csv.writer(stream)
    own = {*_OWN, *_TOLD, "changes"}
    live = any(visit.promised or visit.chances for visit in route.visits)
    names = [_guarded(f"column_{name}" if name in own else name) for name in further]
    writer.writerow([*_OWN, *(_TOLD if live else ()), *names, *(["changes"] if changes else [])])
    for position, (leg, visit) in enumerate(zip(route.legs, route.visits, strict=False), start=1):
        flat = [instant for window in (*visit.windows, ("", ""), ("", ""))[:2] for instant in window]
        writer.writerow(
            [
                position,
                _guarded(visit.stop_id),
                _guarded(visit.address),
                visit.lat_deg,
                visit.lon_deg,
                visit.arrival,
                visit.start,
                visit.departure,
                *flat,
                visit.service_s,
                visit.approach,
                visit.load,
                visit.load_after,
                visit.priority,
                visit.waiting_s,
                visit.lateness_s,
                leg.duration_s,
                leg.distance_m,
                visit.access_walk_m,
                visit.access_walk_s,
                *((*(visit.promised or ("", "")), visit.chances.on_time if visit.chances else "") if live else ()),
                *(_guarded(visit.columns.get(name, "")) for name in further),
                *([_guarded(_told(route, visit.stop_id, changes))] if changes else []),
            ]
        )
    return "\ufeff" + stream.getvalue()


def _told(route: RouteDocument, stop_id: str, changes: tuple[Change, ...]) -> str:
    return "; ".join(c.text for c in changes if c.vehicle_id == route.vehicle_id and c.stop_id == stop_id)


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
