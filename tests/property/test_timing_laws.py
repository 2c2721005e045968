"""Routes that must be walked: leaving later, the best legs for breaks, and what `verify` makes of their times."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import event, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from plan_strategies import DAY_S, SEARCHING, problems, windows

from routing.plan.cost import plan_cost
from routing.plan.cost_split import split_cost
from routing.plan.model import Plan
from routing.plan.run import Run
from routing.plan.schedule import Clock
from routing.plan.verify import verify
from routing.problem.model import Break, Depot, DrivingClocks, DrivingRules, Problem, TimeWindow, Travel, Vehicle
from routing.travel.matrix import LegTime, TravelMatrix

BOUNDS = {
    "LATE": "WINDOW",
    "LATENESS_LIMIT": "WINDOW",
    "DUE": "DUE",
    "RELEASE": "RELEASE",
    "RELOAD_LATE": "DEPOT_WINDOW",
    "BREAK_WINDOW": "BREAK",
    "SHIFT_END": "SHIFT",
    "OVERTIME_LIMIT": "SHIFT",
    "DURATION_LIMIT": "DURATION_LIMIT",
    "DRIVING_LIMIT": "DRIVING_LIMIT",
    "DRIVING_DAY": "DRIVING_RULES",
    "DRIVING_WEEK": "DRIVING_RULES",
    "DRIVING_FORTNIGHT": "DRIVING_RULES",
    "SPAN": "DRIVING_RULES",
}
"""What a run breaks, by the codes of `verify`."""
NOT_OF_TIME = {"ALLOWED", "CAPACITY", "RELOAD_EMPTY", "RELOADS_LIMIT", "COMMITTED", "COMMITTED_ORDER", "OTHER_BOARD"}


@st.composite
def breaks(draw: st.DrawFn, most: int) -> tuple[Break, ...]:
    found, from_s = [], 0
    for number in range(draw(st.integers(0, most))):
        opens_s = from_s + draw(st.integers(0, 6_000))
        closes_s = opens_s + draw(st.integers(0, 3_000))
        duration_s = draw(st.sampled_from([60, 300, 900, 1_800]))
        window = TimeWindow(start_s=opens_s, end_s=closes_s)
        found.append(Break(id=f"B{number}", window=window, duration_s=duration_s))
        from_s = closes_s + duration_s
    return tuple(found)


@st.composite
def rules(draw: st.DrawFn) -> DrivingRules:
    limit = st.none() | st.integers(1_000, 12_000)
    return DrivingRules(
        driving_until_break_s=draw(st.sampled_from([None, 700, 1_500, 2_500])),
        break_s=900,
        split_s=draw(st.sampled_from([None, (300, 600)])),
        driving_limit_s=draw(limit),
        span_limit_s=draw(limit),
        week_limit_s=draw(limit),
        fortnight_limit_s=draw(limit),
    )


@st.composite
def walked(draw: st.DrawFn, *, most_breaks: int = 3, ruled: bool = True) -> tuple[Problem, Vehicle, tuple[str, ...]]:
    """Return a problem, a vehicle and an order of its stops with some reloads in it."""
    problem = draw(problems(most_stops=5))
    at = st.integers(0, DAY_S)
    stops = tuple(
        replace(
            stop,
            windows=stop.windows if draw(st.booleans()) else (),
            setup_s=draw(st.sampled_from([0, 120])),
            release_s=draw(st.none() | st.integers(0, 6_000)),
            due_s=draw(st.none() | st.none() | at),
            lateness_limit_s=draw(st.none() | st.integers(0, 3_000)),
            lateness_cents_per_min=draw(st.none() | st.integers(0, 90)),
            service_by_type=(("fast", 30),) if draw(st.booleans()) else (),
            load=1,
            allowed_vehicles=None,
        )
        for stop in problem.stops
    )
    depot = Depot(
        id="D",
        place=draw(st.integers(0, len(problem.places) - 1)),
        windows=draw(windows()),
        reload_s=draw(st.integers(0, 400)),
    )
    own = draw(rules()) if ruled and draw(st.booleans()) else None
    vehicle = replace(
        problem.vehicles[0],
        committed=(),
        capacity=100,
        type=draw(st.sampled_from(["", "fast"])),
        open_start=draw(st.booleans()),
        open_end=draw(st.booleans()),
        reload_depots=("D",),
        breaks=draw(breaks(most_breaks)),
        driving_rules=own,
        driving_clocks=DrivingClocks(
            driving_since_break_s=draw(st.integers(0, 600)),
            split_taken=draw(st.booleans()) and own is not None and own.split_s is not None,
            on_duty_since_s=draw(st.none() | st.just(problem.vehicles[0].shift.start_s)),
        ),
        duration_limit_s=draw(st.none() | st.none() | st.integers(0, DAY_S)),
        driving_limit_s=draw(st.none() | st.none() | st.integers(0, DAY_S)),
        overtime_limit_s=draw(st.none() | st.integers(0, 4_000)),
        overtime_cents_per_h=draw(st.none() | st.integers(0, 5_000)),
    )
    order = draw(st.permutations([stop.id for stop in stops]))
    order = [each for key in order for each in ((key, "D") if draw(st.integers(0, 3)) == 0 else (key,))]
    asked = replace(problem, stops=stops, depots=(depot,), vehicles=(vehicle, *problem.vehicles[1:]))
    return asked, vehicle, tuple(order[:-1] if order and order[-1] == "D" else order)


@given(walked(most_breaks=0, ruled=False), st.lists(st.integers(0, DAY_S), min_size=2, max_size=6))
@SEARCHING
def test_leaving_later_never_ends_earlier_without_breaks(
    asked: tuple[Problem, Vehicle, tuple[str, ...]], departures: list[int]
) -> None:
    problem, vehicle, order = asked
    clock = Clock(problem)
    ends = [run.end_s for at in sorted(departures) if (run := clock.follow(vehicle, order, at)) is not None]
    assert ends == sorted(ends)


def every_way(problem: Problem, vehicle: Vehicle, order: tuple[str, ...], depart_s: int) -> Iterator[int]:
    """Yield the end of every way of taking each break on some leg or not at all that keeps all rules."""
    stops, depots = {stop.id: stop for stop in problem.stops}, {depot.id: depot for depot in problem.depots}
    halts = [stops.get(key) or depots[key] for key in order]
    places = [halt.place for halt in halts]
    ends = [vehicle.start_place, *places, vehicle.end_place]
    if vehicle.open_start and places:
        ends[0] = places[0]
    if vehicle.open_end or (vehicle.open_start and not places):
        ends[-1] = ends[-2]
    for legs in itertools.product([*range(len(order) + 1), None], repeat=len(vehicle.breaks)):
        now_s, holds = depart_s, True
        for number in range(len(order) + 1):
            drive_s = problem.travel.duration_s(ends[number], ends[number + 1], now_s)
            if drive_s is None:
                holds = False
                break
            leave_s, now_s = now_s, now_s + drive_s
            for each, leg in zip(vehicle.breaks, legs, strict=True):
                if leg == number:
                    holds &= leave_s <= each.window.end_s
                    now_s = max(now_s, each.window.start_s) + each.duration_s
            if number == len(order):
                break
            halt = halts[number]
            if order[number] in stops:
                stop = stops[order[number]]
                first = number == 0 and vehicle.open_start
                now_s += stop.setup_s if first or ends[number] != stop.place else 0
                stay_s = problem.stay_s(stop, vehicle.type)
            else:
                trip = itertools.takewhile(lambda key: key in stops, order[number + 1 :])
                now_s = max([now_s, *(stops[key].release_s or 0 for key in trip)])
                stay_s = depots[order[number]].reload_s
            if halt.windows:
                later = [max(now_s, window.start_s) for window in halt.windows if window.end_s >= now_s]
                holds &= bool(later)
                now_s = later[0] if later else now_s
            now_s += stay_s
            holds &= order[number] not in stops or stops[order[number]].due_s in (None, *range(now_s, 2 * DAY_S))
        taken = [leg for leg in legs if leg is not None]
        due = [depart_s <= each.window.end_s < now_s for each in vehicle.breaks]
        if holds and taken == sorted(taken) and due == [leg is not None for leg in legs]:
            yield now_s


@given(walked(ruled=False), st.integers(0, DAY_S // 2))
@SEARCHING
def test_breaks_are_taken_where_the_route_ends_earliest(
    asked: tuple[Problem, Vehicle, tuple[str, ...]], depart_s: int
) -> None:
    problem, vehicle, order = asked
    strict = tuple(replace(stop, lateness_allowed=False) for stop in problem.stops)
    free = replace(vehicle, overtime_allowed=True, overtime_limit_s=None, duration_limit_s=None, driving_limit_s=None)
    problem, order = replace(problem, stops=strict, vehicles=(free, *problem.vehicles[1:])), order[:4]
    while order and order[-1] == "D":
        order = order[:-1]
    first = [
        stop.release_s or 0 for stop in strict if stop.id in set(itertools.takewhile(lambda key: key != "D", order))
    ]
    depart_s = max([depart_s, *first])
    run = Clock(problem).follow(free, order, depart_s, forbidden_limit_s=0)
    ends = list(every_way(problem, free, order, depart_s))
    event("holds" if ends else "breaks a rule")
    assert (None if run is None else run.end_s) == min(ends, default=None)


def told(run: Run) -> set[str]:
    return {breach.code for breach in run.breaches}


@given(walked())
@SEARCHING
def test_verify_finds_in_the_times_what_the_run_says_is_broken_and_nothing_else(
    asked: tuple[Problem, Vehicle, tuple[str, ...]],
) -> None:
    problem, vehicle, order = asked
    clock = Clock(problem)
    run = clock.best_run(vehicle, order)
    if run is None or not order:
        return
    assert run.forbidden_s == sum(breach.over_s for breach in run.breaches)
    assert bool(run.forbidden_s) != clock.holds(vehicle, order)
    event("broken" if run.forbidden_s else "holds")
    route = clock.route(vehicle, order)
    left = [stop.id for stop in problem.stops if stop.id not in order]
    plan = Plan(routes=(route,), unassigned=(), cost=plan_cost(problem, (route,), left))
    alone = replace(problem, vehicles=(vehicle,))
    found = [each for each in verify(alone, plan) if each.code not in NOT_OF_TIME]
    assert {BOUNDS.get(each.code, str(each)) for each in found} == told(run)
    split = split_cost(problem, (route,), left)
    assert split.total_cents == plan.cost.total_cents


@given(walked())
@SEARCHING
def test_no_departure_that_was_looked_at_is_better_than_the_chosen_one(
    asked: tuple[Problem, Vehicle, tuple[str, ...]],
) -> None:
    problem, vehicle, order = asked
    clock = Clock(problem)
    best = clock.best_run(vehicle, order)
    earliest = clock.follow(vehicle, order, vehicle.shift.start_s)
    assert (best is None) == (earliest is None)
    if best is not None and earliest is not None:
        assert best.tardy_s <= earliest.tardy_s
        if (best.tardy_s, best.length_s) == (earliest.tardy_s, earliest.length_s):
            assert best.end_s - best.depart_s <= earliest.end_s - earliest.depart_s
        assert best.depart_s >= earliest.depart_s


@given(walked(), st.integers(0, 5))
@SEARCHING
def test_a_run_that_begins_like_another_one_is_the_same(
    asked: tuple[Problem, Vehicle, tuple[str, ...]], without: int
) -> None:
    problem, vehicle, order = asked
    clock = Clock(problem)
    whole = clock.follow(vehicle, order, vehicle.shift.start_s)
    index = min(without, len(order))
    rest = order[:index] + order[index + 1 :]
    plainly = clock.follow(vehicle, rest, vehicle.shift.start_s)
    assert clock.follow(vehicle, rest, vehicle.shift.start_s, like=whole, alike=index) == plainly


@dataclass(frozen=True, slots=True)
class Roads:
    """Stand for roads: travel that tells the same as its tables, but is asked as if it knew more."""

    inside: Travel

    @property
    def matrix(self) -> TravelMatrix:
        return self.inside.matrix

    @property
    def snap_distance_m(self) -> NDArray[np.float64]:
        return self.inside.snap_distance_m

    @property
    def usable(self) -> NDArray[np.bool_]:
        return self.inside.usable

    def leg(self, origin: int, destination: int, depart_s: int) -> LegTime | None:
        return self.inside.leg(origin, destination, depart_s)

    def duration_s(self, origin: int, destination: int, depart_s: int) -> int | None:
        return self.inside.duration_s(origin, destination, depart_s)

    def geometry(self, origin: int, destination: int, depart_s: int) -> tuple[tuple[float, float], ...]:
        return ()


@given(walked(), st.booleans())
@SEARCHING
def test_the_departure_that_the_tables_find_holds_on_roads_and_is_not_worse_than_the_earliest(
    asked: tuple[Problem, Vehicle, tuple[str, ...]], of_profile: bool
) -> None:
    problem, vehicle, order = asked
    roads = Roads(problem.travel)
    if of_profile:
        on_roads = replace(problem, profile_travel=((vehicle.profile, roads),))
    else:
        on_roads = replace(problem, travel=roads)
    clock = Clock(on_roads)
    several = problem.travel.matrix.slice_start_s.size > 1
    assert (clock.by_tables() is clock) != several
    assert clock.by_tables().by_tables() is clock.by_tables()
    best = clock.best_run(vehicle, order)
    earliest = clock.follow(vehicle, order, vehicle.shift.start_s)
    assert (best is None) == (earliest is None)
    if best is not None and earliest is not None:
        assert best.tardy_s <= earliest.tardy_s
        assert best == clock.follow(vehicle, order, best.depart_s)
        assert clock.by_tables().follow(vehicle, order, best.depart_s) == best
        if (best.tardy_s, best.length_s) == (earliest.tardy_s, earliest.length_s):
            assert best.end_s - best.depart_s <= earliest.end_s - earliest.depart_s
