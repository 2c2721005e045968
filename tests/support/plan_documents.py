"""A plan document made by hand: two vans, four stops, one of them left out."""

from __future__ import annotations

from typing import Any

from routing.export.schema import PlanDocument


def at(clock: str) -> str:
    return f"2026-11-23T{clock}:00+01:00"


def visit(stop_id: str, place: tuple[float, float], arrival: str, departure: str, **changed: Any) -> dict[str, Any]:
    """A stop of load 2 and 5 minutes' service, on time, without a window unless told otherwise."""
    fields: dict[str, Any] = {
        "stop_id": stop_id,
        "lat_deg": place[0],
        "lon_deg": place[1],
        "address": f"Street of {stop_id}",
        "windows": (),
        "columns": {},
        "load": 2,
        "service_s": 300,
        "priority": 0,
        "arrival": at(arrival),
        "start": at(arrival),
        "departure": at(departure),
        "waiting_s": 0,
        "lateness_s": 0,
        "load_after": 0,
        "snap_distance_m": 3.0,
    }
    return fields | changed


def leg(depart: str, arrive: str, duration_s: int, geometry: tuple[tuple[float, float], ...]) -> dict[str, Any]:
    return {
        "duration_s": duration_s,
        "distance_m": duration_s * 10,
        "depart": at(depart),
        "arrive": at(arrive),
        "geometry": geometry,
    }


def totals(**figures: int) -> dict[str, int]:
    zero = dict.fromkeys(
        ("on_time", "late", "lateness_s", "waiting_s", "drive_s", "service_s", "duty_s", "distance_m"), 0
    )
    return {**zero, **figures}


DEPOT = (43.70, 7.40)
A, B, C, D = (43.71, 7.40), (43.71, 7.42), (43.70, 7.42), (43.69, 7.41)


def fields() -> dict[str, Any]:
    """Two vans from one depot: van-1 goes A, B; van-2 goes C (10 minutes late); stop D is left out."""
    end = {"lat_deg": DEPOT[0], "lon_deg": DEPOT[1]}
    window = ((at("08:00"), at("09:00")),)
    return {
        "format": "routing-plan",
        "format_version": 1,
        "version": 1,
        "date": "2026-11-23",
        "time_zone": "Europe/Berlin",
        "created_for": at("07:00"),
        "profile": "van",
        "map": {"source": "town.osm.pbf", "sha256": "ab" * 32, "attribution": "© OpenStreetMap contributors, ODbL 1.0"},
        "inputs": {"fleet": "01", "stops": "02"},
        "seed": 7,
        "runs": ({"engine": "ortools", "seed": 7, "iterations": 99, "stopped_by": "iterations"},),
        "versions": {"routing": "0.1.0"},
        "cost": {
            "duty_cents": 5000,
            "distance_cents": 84,
            "vehicle_cents": 6000,
            "lateness_cents": 500,
            "unserved_cents": 10000,
            "total_cents": 21584,
        },
        "totals": totals(served=3, on_time=2, late=1, lateness_s=600, drive_s=2400, stops=4, unassigned=1, routes=2),
        "notes": ("One stop is late.",),
        "warnings": (),
        "routes": (
            {
                "vehicle_id": "van-1",
                "capacity": 10,
                "load": 4,
                "start": {**end, "time": at("08:00")},
                "end": {**end, "time": at("08:45")},
                "visits": (
                    visit("A", A, "08:10", "08:15", load_after=2, windows=window, columns={"note": "ring twice"}),
                    visit("B", B, "08:25", "08:30"),
                ),
                "legs": (
                    leg("08:00", "08:10", 600, (DEPOT, (43.705, 7.40), A)),
                    leg("08:15", "08:25", 600, (A, B)),
                    leg("08:30", "08:45", 900, (B, C, DEPOT)),
                ),
                "totals": totals(served=2, on_time=2, drive_s=2100, distance_m=21000),
            },
            {
                "vehicle_id": "van-2",
                "capacity": 10,
                "load": 2,
                "start": {**end, "time": at("09:00")},
                "end": {**end, "time": at("09:25")},
                "visits": (visit("C", C, "09:10", "09:15", windows=window, lateness_s=600),),
                "legs": (leg("09:00", "09:10", 600, ()), leg("09:15", "09:25", 600, ())),
                "totals": totals(served=1, late=1, lateness_s=600, drive_s=1200, distance_m=12000),
            },
        ),
        "unassigned": (
            {
                "stop_id": "D",
                "lat_deg": D[0],
                "lon_deg": D[1],
                "address": "Street of D",
                "windows": window,
                "columns": {"note": "fragile"},
                "load": 20,
                "service_s": 60,
                "priority": 5,
                "reason": "CAPACITY",
                "detail": "Its load of 20 is more than the 10 of the largest vehicle.",
            },
        ),
    }


def sample_document() -> PlanDocument:
    return PlanDocument.model_validate(fields())


def with_route(document: PlanDocument, number: int, **changed: Any) -> PlanDocument:
    """The document with fields of one route set anew."""
    routes = list(document.routes)
    routes[number] = routes[number].model_copy(update=changed)
    return document.model_copy(update={"routes": tuple(routes)})


def with_visit(document: PlanDocument, number: int, position: int, **changed: Any) -> PlanDocument:
    """The document with fields of one visit set anew."""
    visits = list(document.routes[number].visits)
    visits[position] = visits[position].model_copy(update=changed)
    return with_route(document, number, visits=tuple(visits))
