"""What a single move may gain, on a road where 1 km takes 100 s: 67 cents of duty and 35 of distance."""

from __future__ import annotations

from dataclasses import replace

from small_days import begun, rest_of, stop, vehicle

from routing.events.fold import apply
from routing.events.types import StopCancelled
from routing.problem.model import TimeWindow
from routing.replan.assess import assess, retime
from routing.replan.gain import best_move

FREE = {
    "vehicle_change_cents": 0,
    "place_change_cents": 0,
    "next_stop_cents": 0,
    "promise_break_cents": 0,
    "delay_spread_s": 0,
}


def a_day(*, closes_s=20_000, **options):
    """Begin a day with the order C, A, B: 3 + 2 + 1 + 2 = 8 km, where A, C, B or A, B, C is 6 km; A closes in time."""
    stops = [stop("A", 1, window=(0, closes_s)), stop("B", 2), stop("C", 3)]
    return begun(stops, [vehicle("V"), vehicle("W")], {"V": ("C", "A", "B")}, **FREE | options)


def test_the_best_move_is_priced_like_the_plan_with_it():
    day = a_day()
    rest = rest_of(day, 0)
    move = best_move(rest.problem, retime(day, rest))
    # C behind A saves 2 km: 133 + 70 cents.
    assert move is not None
    assert abs(move.gain_cents - 203) <= 1
    assert move.stop_id == "C"


def test_fees_make_a_move_dearer():
    day = a_day(closes_s=600, place_change_cents=50, vehicle_change_cents=50, near_factor=1.0)
    rest = rest_of(day, 0)
    move = best_move(rest.problem, retime(day, rest))
    # C as the last stop saves 2 km: only A has another stop before it then, which is 50 cents. C was first, with none
    # to follow; that a driver's next stop changes is free here. C between A and B moves both: 100 cents. With B as the
    # first stop A would come at 620 instead of 560, after its window.
    assert move is not None
    assert (move.stop_id, move.vehicle_id) == ("C", "V")
    assert abs(move.gain_cents - (203 - 50)) <= 1


def test_a_stop_without_a_place_gains_what_leaving_it_out_costs():
    day = begun([stop("A", 1), stop("B", 2)], [vehicle("V")], {"V": ("B",)}, **FREE)
    rest = rest_of(day, 0)
    move = best_move(rest.problem, retime(day, rest))
    # A lies on the way: its 60 s are 40 cents.
    assert move is not None
    assert move.stop_id == "A"
    assert abs(move.gain_cents - (10_000 - 40)) <= 1


def test_news_that_make_room_want_a_search_only_where_a_move_gains_enough():
    stops = [stop("A", 1), stop("B", 2), stop("C", 3), stop("D", -1)]
    day = begun(stops, [vehicle("V"), vehicle("W")], {"V": ("C", "A", "B"), "W": ("D",)}, **FREE)
    free = apply(day, StopCancelled(id="x", known_at_s=0, effective_at_s=0, stop_id="D"))
    rest = rest_of(free, 0)
    (cause,) = assess(free, rest, replace(day.started.replan, gain_cents=100)).causes
    assert cause == "C with V in another place may gain 2.03"
    assert assess(free, rest, replace(day.started.replan, gain_cents=300)).causes == ()


def test_a_move_that_no_window_lets_is_no_move():
    # C can only be served first: by 1,310 s, 310 after V may leave. B before A saves 2 km too, with A at 1,620 instead
    # of 1,560; A behind B would come after its window.
    stops = [stop("A", 1, window=(0, 1_650)), stop("B", 2), stop("C", 3, window=(0, 1_310))]
    shift = TimeWindow(start_s=1_000, end_s=20_000)
    day = begun(stops, [vehicle("V", shift=shift)], {"V": ("C", "A", "B")}, **FREE)
    rest = rest_of(day, 0)
    move = best_move(rest.problem, retime(day, rest))
    assert move is not None
    assert (move.stop_id, move.vehicle_id) == ("B", "V")
    assert abs(move.gain_cents - 203) <= 1
