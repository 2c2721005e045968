"""What a transport management system does: its own orders in, a verified plan out, through the library.

python examples/tms.py
"""

import csv
from datetime import date
from pathlib import Path

import routing
from routing.units import format_clock, parse_instant

HERE = Path(__file__).parent
DAY, ZONE = date(2026, 11, 23), "Europe/Paris"


def window(start: str, end: str) -> routing.TimeWindow:
    """Return a window of the day from two times of day."""
    return routing.TimeWindow(start_s=parse_instant(start, DAY, ZONE), end_s=parse_instant(end, DAY, ZONE))


def main() -> None:
    """Plan the first forty stops of the embedded day with two vans, and print the routes."""
    network = routing.build_network(routing.read_osm(HERE.parent / "maps" / "monaco.osm.pbf"), routing.Profile.van())
    metric = routing.time_of_day(network, date=DAY, time_zone=ZONE)
    with (HERE / "stops.csv").open(newline="", encoding="utf-8") as file:
        orders = list(csv.DictReader(file))[:40]
    depot = routing.Location(lat_deg=43.7285, lon_deg=7.4145)
    places = (depot, *(routing.Location(lat_deg=float(o["lat_deg"]), lon_deg=float(o["lon_deg"])) for o in orders))
    problem = routing.Problem(
        places=places,
        travel=routing.RoadTravel(network, metric, places),
        stops=tuple(
            routing.Stop(
                id=order["stop_id"],
                place=place,
                windows=(window(order["window_start"], order["window_end"]),),
                service_s=int(order["service_s"]),
                load=int(order["load"]),
                priority=int(order["priority"]),
            )
            for place, order in enumerate(orders, start=1)
        ),
        vehicles=tuple(
            routing.Vehicle(
                id=name, profile="van", capacity=60, shift=window("07:30", "17:30"), start_place=0, end_place=0
            )
            for name in ("VAN-1", "VAN-2")
        ),
        time_zone=ZONE,
    )
    plan = routing.solve(problem, routing.SolveOptions(time_limit_s=None, iterations=20_000, seed=0))
    assert routing.verify(problem, plan) == ()
    for route in plan.routes:
        print(f"{route.vehicle_id}: {format_clock(route.start_s, ZONE)} to {format_clock(route.end_s, ZONE)}")
        print("  " + " ".join(f"{visit.stop_id}@{format_clock(visit.start_s, ZONE)}" for visit in route.visits))
    for left in plan.unassigned:
        print(f"not served: {left.stop_id}, {left.reason}: {left.detail}")
    print(f"cost {plan.cost.total_cents / 100:.2f}")


if __name__ == "__main__":
    main()
