"""Windows for a new stop, on one straight road: 1 km takes 100 s, a service 60 s; a second costs 2/3 cent."""

from __future__ import annotations

from dataclasses import replace

from routing.events.fold import apply
from routing.events.types import StopAdded
from routing.problem.model import TimeWindow
from routing.replan.assess import retime
from routing.replan.draws import Uncertainty
from routing.replan.quote import hours, quote
from tests.support.small_days import begun, rest_of, stop, vehicle

CERTAIN = Uncertainty(day_cv=0, area_cv=0, leg_cv=0, service_cv=0, silence_ratio=0, added_per_h=0, moved_per_h=0)


def window(start_s, end_s):
    return TimeWindow(start_s=start_s, end_s=end_s)


def asked(day, new, windows, now_s, **options):
    day = apply(day, StopAdded(id="new", known_at_s=now_s, effective_at_s=now_s, stop=new))
    rest = rest_of(day, now_s)
    problem = rest.problem
    asked_for = [*problem.stops, *(left for left, _ in rest.left_out)]
    (added,) = [each for each in asked_for if each.id == new.id]
    return quote(rest, retime(day, rest), added, windows, **options)


def test_each_window_is_offered_where_it_costs_least_or_not_at_all():
    # V1 is out: A at 5 km at 500, B at 10 km at 1,060, home at 2,120.
    stops = [stop("A", 5), stop("B", 10, window=(0, 1_300))]
    day = begun(stops, [vehicle("V1")], {"V1": ("A", "B")})
    told = asked(day, stop("X", 7), [window(0, 200), window(0, 900), window(1_400, 1_500)], 100, uncertainty=CERTAIN)
    never, between, later = told.offers
    assert told.refusal == ""
    assert never is None
    # On the way from A to B: one service of 60 s longer, 40 cents; B is 60 s later.
    assert (between.vehicle_id, between.start_s, between.added_cents) == ("V1", 760, 40)
    assert (between.later_s, between.becomes_late, between.on_time_probability) == (60, (), 1.0)
    # On the way back it is passed at 1,420, and nobody is later.
    assert (later.start_s, later.added_cents, later.later_s) == (1_420, 40, 0)


def test_a_stop_that_has_a_place_is_quoted_as_if_it_had_none():
    # B is to come right after A by the current plan; without A it is the first stop.
    day = begun([stop("A", 5), stop("B", 10)], [vehicle("V1")], {"V1": ("A", "B")})
    rest = rest_of(day, 0)
    (placed,) = [each for each in rest.problem.stops if each.id == "A"]
    told = quote(rest, retime(day, rest), placed, [window(0, 600)], uncertainty=CERTAIN)
    # On the way again: 60 s of service are 40 cents, by which B is later.
    (offer,) = told.offers
    assert (offer.vehicle_id, offer.start_s, offer.added_cents, offer.later_s) == ("V1", 500, 40, 60)


def test_what_others_would_suffer_is_said():
    # With 300 s at X, B is reached at 1,360: 60 s late, which it may be, for it was promised.
    stops = [stop("A", 5), stop("B", 10, window=(0, 1_300))]
    day = begun(stops, [vehicle("V1")], {"V1": ("A", "B")})
    (offer,) = asked(day, stop("X", 7, service_s=300), [window(0, 900)], 100, uncertainty=CERTAIN).offers
    # 300 s of duty and a minute of lateness.
    assert (offer.added_cents, offer.later_s, offer.becomes_late) == (200 + 50, 300, ("B",))
    assert offer.expected_late_stops == 1.0


def test_goods_from_the_depot_go_with_who_has_not_left():
    stops = [stop("A", 5, window=(0, 600)), stop("C", -5, window=(3_000, 3_600))]
    day = begun(stops, [vehicle("V1"), vehicle("V2")], {"V1": ("A",), "V2": ("C",)})
    windows = [window(0, 600), window(3_000, 4_500)]
    assert [each.vehicle_id for each in asked(day, stop("X", 5), windows, 100).offers] == ["V1", "V2"]
    late_goods = asked(day, stop("X", 5, load=1), windows, 100).offers
    assert [each and each.vehicle_id for each in late_goods] == ["V2", "V2"]


def test_where_every_vehicle_has_left_goods_are_refused_with_the_reason():
    day = begun([stop("A", 5)], [vehicle("V1")], {"V1": ("A",)})
    told = asked(day, stop("X", 5, load=1), [window(0, 600)], 100)
    assert told.offers == (None,)
    assert told.refusal == "its goods are at the depot and every vehicle has left"


def test_the_risk_for_others_is_that_of_the_same_draws():
    stops = [stop("A", 5), stop("B", 10, window=(0, 1_300))]
    day = begun(stops, [vehicle("V1")], {"V1": ("A", "B")})
    (offer,) = asked(day, stop("X", 7), [window(0, 900)], 100).offers
    (again,) = asked(day, stop("X", 7), [window(0, 900)], 100).offers
    assert offer == again
    # 60 s nearer to the end of B's window: it is not surely late, nor is it as safe.
    assert 0 < offer.expected_late_stops < 0.5
    assert 0.6 < offer.on_time_probability < 1


def test_no_place_near_a_road_is_refused():
    day = begun([stop("A", 5)], [vehicle("V1")], {"V1": ("A",)})
    day = apply(day, StopAdded(id="new", known_at_s=0, effective_at_s=0, stop=stop("X", 6)))
    rest = rest_of(day, 0)

    class Nowhere:
        matrix = rest.problem.travel.matrix
        usable = rest.problem.travel.usable & False
        snap_distance_m = rest.problem.travel.snap_distance_m

    (added,) = [each for each in rest.problem.stops if each.id == "X"]
    off = replace(rest, problem=replace(rest.problem, travel=Nowhere()))
    assert quote(off, retime(day, rest), added, [window(0, 600)]).refusal == "no usable road is near it"


def test_hours_are_full_hours_of_the_clock_until_the_last_shift_ends():
    rest = rest_of(begun([], [vehicle("V1", shift=window(0, 9_000))], {}), 1_800)
    assert hours(rest) == (window(1_800, 3_600), window(3_600, 7_200), window(7_200, 9_000))
    half = replace(rest, problem=replace(rest.problem, time_zone="Asia/Kolkata"))
    # Half past in UTC is a full hour there.
    assert hours(half)[0] == window(1_800, 5_400)


def test_a_vehicle_at_home_pays_for_leaving():
    day = begun([], [vehicle("V1", x_km=2)], {})
    (offer,) = asked(day, stop("X", 7), [window(1_000, 2_000)], 0).offers
    # 5 km there and back: 10 x (66.7 + 35) + 40 for the service + 3,000.
    assert offer.added_cents == 4_057
