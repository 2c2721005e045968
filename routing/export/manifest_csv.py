"""The driver's manifest as CSV: one line per stop in visiting order, readable again as stops.csv.

UTF-8 with a byte order mark, which spreadsheets want before they show accents; lines end as in RFC 4180.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from routing.export.changes import Change
from routing.export.files import chosen_routes, write_whole
from routing.export.schema import LegDocument, PlanDocument, RouteDocument, VisitDocument
from routing.export.words import clock, load_words, rest_words

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

    What a driver does between two stops, loading again and resting, is no line of its own, for it is no stop: it stands
    with the stop that it comes before (after the last one, in a column of its own). Columns that no stop fills are left
    out where not all manifests have them.

    Text that a spreadsheet would run as a formula gets an apostrophe in front, as OWASP advises:
    https://owasp.org/www-community/attacks/CSV_Injection.
    """
    further = list(dict.fromkeys(name for visit in route.served for name in visit.columns))
    live = any(visit.promised or visit.chances for visit in route.served)
    asked = [_asked(visit) for visit in route.served]
    between, at_the_end = _between(route)
    if any(between):
        asked = [cells | {"before": words} for cells, words in zip(asked, between, strict=True)]
    if at_the_end and asked:
        asked[-1] = asked[-1] | {"after": at_the_end}
    filled = list(dict.fromkeys(name for cells in asked for name, value in cells.items() if value != ""))
    own = {*_OWN, *_TOLD, *filled, "changes"}
    names = [_guarded(f"column_{name}" if name in own else name) for name in further]
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(
        [*_OWN, *map(_guarded, filled), *(_TOLD if live else ()), *names, *(["changes"] if changes else [])]
    )
    legs = [leg for leg, visit in zip(route.legs, route.visits, strict=False) if not visit.reload]
    for position, (leg, visit, cells) in enumerate(zip(legs, route.served, asked, strict=True), start=1):
        told = (*(visit.promised or ("", "")), visit.chances.on_time if visit.chances else "")
        writer.writerow(
            [
                *_own(position, leg, visit),
                *(_guarded(str(cells.get(name, ""))) for name in filled),
                *(told if live else ()),
                *(_guarded(visit.columns.get(name, "")) for name in further),
                *([_guarded(_told(route, visit.stop_id, changes))] if changes else []),
            ]
        )
    return "\ufeff" + stream.getvalue()


def _own(position: int, leg: LegDocument, visit: VisitDocument) -> list[object]:
    """Return the cells that each line of each manifest has."""
    end = visit.shipment
    flat = [instant for window in (*visit.windows, ("", ""), ("", ""))[:2] for instant in window]
    return [
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
        end.load if end is not None and end.role == "pickup" else visit.load,
        visit.load_after,
        visit.priority,
        visit.waiting_s,
        visit.lateness_s,
        leg.duration_s,
        leg.distance_m,
        visit.access_walk_m,
        visit.access_walk_s,
    ]


def _asked(visit: VisitDocument) -> dict[str, object]:
    """Return what further columns of stops.csv say of a visit, and what is on board after it."""
    cells: dict[str, object] = {}
    for number, (start, end) in enumerate(visit.windows[2:], start=3):
        cells |= {f"window{number}_start": start, f"window{number}_end": end}
    end_of = visit.shipment
    loads = end_of.loads if end_of is not None and end_of.role == "pickup" else visit.loads
    cells |= {f"load_{name}": amount for name, amount in loads.items()}
    cells |= {"pickup_load": visit.pickup_load or ""}
    cells |= {f"pickup_load_{name}": amount for name, amount in visit.pickup_loads.items()}
    cells |= {f"load_after_{name}": amount for name, amount in visit.loads_after.items()}
    if end_of is not None:
        cells |= {"shipment": end_of.id, "shipment_role": end_of.role}
    cells |= {"release": visit.release or "", "due": visit.due or ""}
    return cells | {"setup_s": visit.setup_s or "", "walk_s": visit.walk_s or ""}


def _between(route: RouteDocument) -> tuple[list[str], str]:
    """Return in words what comes before each stop that is served, and after the last one."""
    told: list[str] = []
    now: list[str] = []
    for number, visit in enumerate(route.visits):
        now += [rest_words(rest, _day(route)) for rest in route.rests_on(number)]
        if visit.reload:
            load = load_words(visit.load_after, visit.loads_after)
            clocks = f"{clock(visit.arrival, _day(route))}–{clock(visit.departure, _day(route))}"
            now.append(f"load again at {visit.stop_id} {clocks}, leave with {load}")
        else:
            told.append("; ".join(now))
            now = []
    now += [rest_words(rest, _day(route)) for rest in route.rests_on(len(route.visits))]
    return told, "; ".join(now)


def _day(route: RouteDocument) -> str:
    return route.start.time[:10]


def _told(route: RouteDocument, stop_id: str, changes: tuple[Change, ...]) -> str:
    return "; ".join(c.text for c in changes if c.vehicle_id == route.vehicle_id and c.stop_id == stop_id)


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
