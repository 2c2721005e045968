"""Make the timed route of a run that had to be walked."""

from __future__ import annotations

from collections.abc import Sequence

from routing.plan.halts import places_of_leg
from routing.plan.loads import Loads
from routing.plan.model import Leg, Route, Visit
from routing.plan.run import Run
from routing.plan.timing import Timing
from routing.problem.model import Vehicle


def walked_route(timing: Timing, loads: Loads, vehicle: Vehicle, order: Sequence[str], run: Run) -> Route:
    """Return the route of a vehicle, its order of stops and depots, and the run that it makes."""
    known = timing.halts(vehicle)
    halts = [known[each] for each in order]
    on_board = loads.along(vehicle.id, order)[1:]
    visits, legs, now_s = [], [], run.depart_s
    for number, halted in enumerate(run.halts):
        origin, place, _ = places_of_leg(vehicle, halts, number)
        found = None if origin is None else timing.travel_of(vehicle).leg(origin, place, now_s)
        assert origin is None or found is not None, "its duration was found before"
        legs.append(
            Leg(
                from_place=place if origin is None else origin,
                to_place=place,
                depart_s=now_s,
                duration_s=0 if found is None else found.duration_s,
                distance_m=0 if found is None else found.distance_m,
                pause_s=halted.pause_s,
            )
        )
        now_s = halted.depart_s
        if number < len(halts):
            visits.append(
                Visit(
                    stop_id=order[number],
                    arrive_s=halted.arrive_s,
                    start_s=halted.start_s,
                    depart_s=halted.depart_s,
                    waiting_s=halted.start_s - halted.arrive_s - halted.setup_s,
                    lateness_s=halted.late_s,
                    load_after=on_board[number][0],
                    loads_after=loads.named(vehicle.id, on_board[number]),
                    setup_s=halted.setup_s,
                    reload=halts[number].reload,
                )
            )
    return Route(
        vehicle_id=vehicle.id,
        start_s=run.depart_s,
        end_s=run.end_s,
        visits=tuple(visits),
        legs=tuple(legs),
        overtime_s=run.overtime_s,
        rests=tuple(rest for halted in run.halts for rest in halted.rests),
    )
