"""The parts of a stop's lateness on a straight road: 1 km takes 100 s, twice as long in rain, thrice in a jam."""

from __future__ import annotations

from dataclasses import replace

from routing.events.fold import apply
from routing.events.news import VehicleDeparted
from routing.events.types import VehicleOutOfService, VisitServed, VisitStarted
from routing.plan.cost import plan_cost
from routing.plan.model import Plan
from routing.plan.schedule import schedule
from routing.problem.travel import MatrixTravel
from routing.replan.lateness import LatenessSplit, Worlds, split_lateness
from routing.replan.remaining import remaining
from routing.replan.transfers import with_transfers
from tests.support.small_days import at_km, begun, stop, straight_road, vehicle


def slower(factor):
    def travel(places, horizon_s):
        matrix = straight_road(places, horizon_s).matrix
        return MatrixTravel(matrix=replace(matrix, duration_s=matrix.duration_s * factor))

    return travel


def told(event_type, stop_id, at_s):
    return event_type(id=f"{event_type.TYPE}-{stop_id}", known_at_s=at_s, effective_at_s=at_s, stop_id=stop_id)


def left(vehicle_id, at_s):
    return VehicleDeparted(id=f"left-{vehicle_id}", known_at_s=at_s, effective_at_s=at_s, vehicle_id=vehicle_id)


def splits(day, now_s, real=1, dry=1, free=1):
    rest = remaining(day, now_s, {}, slower(real))
    routes = schedule(rest.problem, rest.orders)
    plan = Plan(routes=routes, unassigned=(), cost=plan_cost(rest.problem, routes, ()))
    return split_lateness(day, rest, plan, Worlds(real=slower(real), dry=slower(dry), free=slower(free)))


def day_of(*events, window=(0, 1_000)):
    stops = [stop("A", 5), stop("B", 9, window=window)]
    day = begun(stops, [vehicle("V1")], {"V1": ("A", "B")})
    for event in events:
        day = apply(day, event)
    return day


def test_what_overruns_is_told_apart_from_roads():
    # Left at 0, at A from 500 to 860 (300 s too long), at B after 400 s: 1,260. As asked: 960, in time.
    day = day_of(left("V1", 0), told(VisitStarted, "A", 500), told(VisitServed, "A", 860))
    assert splits(day, 860) == (
        LatenessSplit(stop_id="B", lateness_s=260, weather_s=0, traffic_s=0, service_s=260, earlier_s=0),
    )


def test_weather_and_traffic_share_the_drives_that_were_and_will_be():
    # Three times as slow: at A from 1,500 to 1,560, at B at 2,760, 1,760 late. Dry, twice as slow: at A at 1,000, at
    # B at 1,860; free: 960.
    day = day_of(left("V1", 0), told(VisitStarted, "A", 1_500), told(VisitServed, "A", 1_560))
    (found,) = splits(day, 1_560, real=3, dry=2, free=1)
    assert (found.lateness_s, found.weather_s, found.traffic_s) == (1_760, 900, 860)
    assert (found.service_s, found.earlier_s) == (0, 0)


def test_a_drive_that_took_longer_than_any_report_tells_is_nobodys_weather():
    # 700 s to A where the roads say 500: 200 of them remain in any world.
    day = day_of(left("V1", 0), told(VisitStarted, "A", 700), told(VisitServed, "A", 760))
    (found,) = splits(day, 760)
    assert (found.lateness_s, found.earlier_s) == (160, 160)


def test_waiting_makes_up_for_an_overrun():
    # A waits for B's window to open at 2,000: whatever A did costs nothing, the late end is the plan's own.
    stops = [stop("A", 5), stop("B", 9, window=(2_000, 2_100)), stop("C", 10, window=(0, 2_000))]
    day = begun(stops, [vehicle("V1")], {"V1": ("A", "B", "C")})
    for event in (left("V1", 0), told(VisitStarted, "A", 500), told(VisitServed, "A", 900)):
        day = apply(day, event)
    (found,) = splits(day, 900)
    assert found == LatenessSplit(stop_id="C", lateness_s=160, weather_s=0, traffic_s=0, service_s=0, earlier_s=160)


def test_a_wait_that_nobody_reported_is_no_drive():
    # B opens at 1,500; served there from 1,500 to 1,960, 400 s too long: C at 2,060, 60 late, as asked 1,660.
    stops = [stop("A", 5), stop("B", 9, window=(1_500, 1_600)), stop("C", 10, window=(0, 2_000))]
    day = begun(stops, [vehicle("V1")], {"V1": ("A", "B", "C")})
    events = [left("V1", 0), told(VisitStarted, "A", 500), told(VisitServed, "A", 560)]
    for event in (*events, told(VisitStarted, "B", 1_500), told(VisitServed, "B", 1_960)):
        day = apply(day, event)
    (found,) = splits(day, 1_960)
    assert (found.stop_id, found.lateness_s, found.service_s, found.earlier_s) == ("C", 60, 60, 0)


def test_parts_sum_to_the_lateness():
    day = day_of(left("V1", 30), told(VisitStarted, "A", 1_500), told(VisitServed, "A", 1_900), window=(0, 700))
    (found,) = splits(day, 2_000, real=3, dry=2)
    assert found.weather_s + found.traffic_s + found.service_s + found.earlier_s == found.lateness_s
    assert min(found.weather_s, found.traffic_s, found.service_s, found.earlier_s) > 0


def test_nothing_late_has_no_parts():
    assert splits(day_of(window=(0, 5_000)), 0) == ()


def test_goods_that_are_late_for_a_transfer_that_is_new_with_the_plan_have_their_parts_too():
    # V breaks down at 350 at km 3.5 with the goods of A (km 5, until 700). W at km 0 comes: there at 700 (350 + 350 s),
    # takes them over until 1,300, is at A at 1,450: 750 late, and no road nor service has to do with it.
    stops = [stop("A", 5, load=30, window=(0, 700))]
    day = begun(stops, [vehicle("V"), vehicle("W")], {"V": ("A",)})
    gone = VehicleOutOfService(
        id="gone", known_at_s=350, effective_at_s=350, vehicle_id="V", location=at_km(3.5), until_s=None
    )
    day = apply(apply(day, left("V", 0)), gone)
    rest = with_transfers(day, remaining(day, 350, {}, slower(1)))
    routes = schedule(rest.problem, rest.orders)
    plan = Plan(routes=routes, unassigned=(), cost=plan_cost(rest.problem, routes, ()))
    found = split_lateness(day, rest, plan, Worlds(real=slower(1), dry=slower(1), free=slower(1)))
    assert found == (LatenessSplit(stop_id="A", lateness_s=750, weather_s=0, traffic_s=0, service_s=0, earlier_s=750),)
