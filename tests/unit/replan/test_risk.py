"""Chances of stops, against a loop that knows nothing of arrays."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from routing.events.asked import AvailabilityStep
from routing.plan.cost import plan_cost
from routing.plan.model import Plan
from routing.plan.schedule import schedule, start_of_service
from routing.problem.access_walk import AccessWalk
from routing.problem.model import TimeWindow
from routing.problem.travel import MatrixTravel
from routing.replan.draws import ABSENCE, ADDED, AREA, DAY, LEG, MOVED, SERVICE, Uncertainty, factors, simulate, stream
from routing.replan.remaining import remaining
from routing.replan.risk import chances
from tests.support.small_days import begun, rest_of, stop, straight_road, vehicle

CERTAIN = Uncertainty(day_cv=0, area_cv=0, leg_cv=0, service_cv=0, silence_ratio=0, added_per_h=0, moved_per_h=0)


def planned(day, now_s=0, travel=straight_road):
    rest = remaining(day, now_s, {}, travel)
    routes = schedule(rest.problem, rest.orders)
    return rest, Plan(routes=routes, unassigned=(), cost=plan_cost(rest.problem, routes, ()))


def two_routes():
    stops = [
        stop("A", 1, window=(300, 400)),
        stop("B", 3, service_s=300),
        stop("C", 4, window=(1_100, 1_200)),
        stop("D", -2, window=(150, 180)),
        stop("E", -5),
    ]
    return begun(stops, [vehicle("V1"), vehicle("V2")], {"V1": ("A", "B", "C"), "V2": ("D", "E")})


def two_speeds(places, horizon_s):
    """A road that is twice as slow from 600 on."""
    matrix = straight_road(places, horizon_s).matrix
    slices = np.stack([matrix.duration_s, matrix.duration_s * 2])
    return MatrixTravel(
        matrix=replace(
            matrix,
            duration_s=slices,
            distance_m=np.stack([matrix.distance_m] * 2),
            reachable=np.stack([matrix.reachable] * 2),
            slice_start_s=np.array([0, 600]),
        )
    )


@pytest.mark.parametrize("travel", [straight_road, two_speeds])
def test_without_spread_every_draw_is_the_schedule(travel):
    rest, plan = planned(two_routes(), travel=travel)
    starts_s = simulate(rest, plan, draws=3, seed=7, uncertainty=CERTAIN)
    told = [visit.start_s for route in plan.routes for visit in route.visits]
    assert starts_s.tolist() == [[float(start_s)] * 3 for start_s in told]


def test_draws_are_those_of_a_loop_over_draws_and_visits():
    spread, draws, seed = Uncertainty(added_per_h=5, moved_per_h=2), 40, 11
    rest, plan = planned(two_routes())
    number = {each.id: row for row, each in enumerate(rest.problem.stops)}
    day = factors(stream(seed, DAY), (draws,), spread.day_cv)
    legs = factors(stream(seed, LEG), (5, draws), spread.leg_cv)
    services = factors(stream(seed, SERVICE), (5, draws), spread.service_cv)
    away, added, lots = (stream(seed, key).random((5, draws)) for key in (ABSENCE, ADDED, MOVED))
    told = iter(simulate(rest, plan, draws=draws, seed=seed, uncertainty=spread, absence={"B": 0.5}))
    seen = set()
    for route in plan.routes:
        clocks, before_s = [float(route.start_s)] * draws, route.start_s
        for visit, leg in zip(route.visits, route.legs, strict=False):
            row, asked = number[visit.stop_id], rest.problem.stops[number[visit.stop_id]]
            middle_deg = (rest.problem.places[leg.from_place].lon_deg + rest.problem.places[leg.to_place].lon_deg) / 2
            cell = (4_500, int((middle_deg + 180) / spread.area_deg))
            area = factors(stream(seed, AREA, *cell), (draws,), spread.area_cv)
            comes = 1 - math.exp(-5 * (visit.start_s - before_s) / 3_600)
            moves = 1 - math.exp(-2 * visit.start_s / 3_600)
            first_s, last_s = (asked.windows[0].start_s, asked.windows[0].end_s) if asked.windows else (0, route.end_s)
            if asked.windows:
                last_s = first_s + (last_s - first_s) / 0.9
            starts = []
            for draw in range(draws):
                arrive_s = clocks[draw] + leg.duration_s * legs[row, draw] * day[draw] * area[draw]
                if added[row, draw] < comes:
                    arrive_s += spread.added_s
                    seen.add("added")
                start_s = start_of_service(asked, arrive_s)[0]
                absent = visit.stop_id == "B" and away[row, draw] < 0.5
                seen.add("absent" if absent else "there")
                clocks[draw] = start_s + (120 if absent else asked.service_s * services[row, draw])
                if lots[row, draw] < moves:
                    start_s = first_s + lots[row, draw] / moves * (last_s - first_s)
                    seen.add("moved")
                starts.append(start_s)
            assert next(told).tolist() == pytest.approx(starts, abs=1e-6)
            before_s = visit.start_s
    assert seen == {"added", "absent", "there", "moved"}


def test_same_arguments_give_the_same_bytes_and_another_seed_others():
    rest, plan = planned(two_routes())
    one, same, other = (simulate(rest, plan, draws=50, seed=seed, uncertainty=Uncertainty()) for seed in (1, 1, 2))
    assert one.tobytes() == same.tobytes() != other.tobytes()


def test_a_tighter_window_is_met_less_often():
    met = []
    for closes_s in (1_000, 850, 750, 680):
        stops = [stop("A", 2, service_s=300), stop("B", 4, window=(0, closes_s))]
        rest, plan = planned(begun(stops, [vehicle("V1")], {"V1": ("A", "B")}))
        # Planned: 200 at A, 500 on, 700 at B.
        met.append(chances(rest, plan, draws=500, seed=3).on_time_probability[1])
    assert met == sorted(met, reverse=True)
    assert met[0] > 0.85 > 0.6 > met[-1] > 0.3


def test_quantiles_are_those_of_the_draws():
    rest, plan = planned(two_routes())
    starts_s = np.sort(simulate(rest, plan, draws=10, seed=5, uncertainty=Uncertainty()), axis=1)
    found = chances(rest, plan, draws=10, seed=5)
    assert found.p10_s.tolist() == [round(value) for value in starts_s[:, 0]]
    assert found.p50_s.tolist() == [round(value) for value in starts_s[:, 4]]
    assert found.p90_s.tolist() == [round(value) for value in starts_s[:, 8]]


def test_draws_reach_the_share_of_a_normal_distribution():
    # Only legs vary, one leg of 1,000 s: 8 % of it are 80 s. Of a lognormal 84 % lie below exp(sigma - sigma^2 / 2).
    rest, plan = planned(begun([stop("A", 10, window=(0, 1_080))], [vehicle("V1")], {"V1": ("A",)}))
    spread = replace(CERTAIN, leg_cv=0.08)
    found = chances(rest, plan, draws=20_000, seed=0, uncertainty=spread)
    assert found.on_time_probability[0] == pytest.approx(0.842, abs=0.01)


def test_stops_of_one_area_are_late_together():
    stops = [stop("A", 30.2), stop("B", 30.3)]
    rest, plan = planned(begun(stops, [vehicle("V1"), vehicle("V2")], {"V1": ("A",), "V2": ("B",)}))
    for spread, least, most in ((replace(CERTAIN, leg_cv=0.1), -0.1, 0.1), (replace(CERTAIN, area_cv=0.1), 0.99, 1.0)):
        starts_s = simulate(rest, plan, draws=2_000, seed=1, uncertainty=spread)
        assert least <= np.corrcoef(starts_s)[0, 1] <= most


def test_a_vehicle_that_is_silent_may_be_elsewhere():
    day = begun([stop("A", 20), stop("B", 30)], [vehicle("V1")], {"V1": ("A", "B")})
    spread = replace(CERTAIN, silence_ratio=0.2)
    at_start, plan = planned(day, 0)
    assert np.ptp(simulate(at_start, plan, draws=100, seed=1, uncertainty=spread)) == 1_060
    out, plan = planned(day, 1_000)
    starts_s = simulate(out, plan, draws=2_000, seed=1, uncertainty=spread)
    # Nothing was heard for 1,000 s: a fifth of them.
    assert starts_s.std(axis=1).tolist() == pytest.approx([200, 200], rel=0.1)


def test_a_service_under_way_ends_no_earlier_than_now():
    day = begun([stop("A", 10, service_s=600), stop("B", 12)], [vehicle("V1")], {"V1": ("A", "B")})
    rest, plan = planned(day, 1_300)
    starts_s = simulate(rest, plan, draws=500, seed=1, uncertainty=replace(CERTAIN, service_cv=0.5))
    assert starts_s.min() == 1_300 + 200
    assert starts_s.max() > 1_900


def test_the_walk_to_the_door_does_not_vary():
    rest, plan = planned(begun([stop("A", 2), stop("B", 4)], [vehicle("V1")], {"V1": ("A", "B")}))
    assert rest.problem.access_walk is None
    walked = replace(rest, problem=replace(rest.problem, access_walk=AccessWalk()))
    assert simulate(walked, plan, draws=1, seed=0, uncertainty=CERTAIN)[1, 0] == 200 + 60 + 200


def test_expected_failures_are_the_absences_at_the_time_of_service():
    rest, plan = planned(begun([stop("A", 2), stop("B", 4)], [vehicle("V1")], {"V1": ("A", "B")}))
    steps = (
        AvailabilityStep(from_s=0, until_s=460, at_home_ratio=0.9),
        AvailabilityStep(from_s=460, until_s=900, at_home_ratio=0.5),
    )
    found = chances(rest, plan, draws=4, seed=0, uncertainty=CERTAIN, availability={"A": steps, "B": steps})
    assert found.at_home_ratio.tolist() == [0.9, 0.5]
    assert found.expected_failures == pytest.approx(0.6)
    assert found.expected_late_stops == 0.0


def test_a_plan_without_visits_has_no_chances():
    rest = rest_of(begun([], [vehicle("V1")], {}), 0)
    found = chances(rest, planned(begun([], [vehicle("V1")], {}))[1], draws=10, seed=0)
    assert (found.stop_ids, found.expected_late_stops) == ((), 0.0)


def test_two_windows_are_chosen_between_as_the_schedule_does():
    day = begun([stop("A", 3)], [vehicle("V1")], {"V1": ("A",)})
    rest, plan = planned(day)
    windows = (TimeWindow(start_s=0, end_s=250), TimeWindow(start_s=400, end_s=500))
    two = replace(rest.problem, stops=(replace(rest.problem.stops[0], windows=windows),))
    assert simulate(replace(rest, problem=two), plan, draws=1, seed=0, uncertainty=CERTAIN).tolist() == [[400.0]]
