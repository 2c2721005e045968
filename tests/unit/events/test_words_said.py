"""A dispatcher's own word: pins, moves and bans, what contradicts them, and taking them back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_days import begun, lived, published, refused, stop, told, vehicle

from routing.events.news import VehicleDeparted
from routing.events.oddities import warnings
from routing.events.types import ConditionWithdrawn, VehicleOutOfService, VisitServed, VisitStarted
from routing.events.words import StopMoved, StopPinned, VehicleForbidden, WordWithdrawn

STOPS = (stop("A", 1, load=2), stop("B", 2), stop("C", 3), stop("D", 4))


def a_day():
    return begun(STOPS, (vehicle("V"), vehicle("W")), {"V": ("A", "B", "C"), "W": ("D",)})


def pin(key, stop_id, vehicle_id, position=None, at_s=10):
    return told(StopPinned, key, at_s, stop_id=stop_id, vehicle_id=vehicle_id, position=position)


def move(key, stop_id, vehicle_id, after=None):
    return told(StopMoved, key, 10, stop_id=stop_id, vehicle_id=vehicle_id, after_stop_id=after)


def ban(key, stop_id, vehicle_id):
    return told(VehicleForbidden, key, 10, stop_id=stop_id, vehicle_id=vehicle_id)


def undo(key, event_id):
    return told(WordWithdrawn, key, 20, event_id=event_id)


def rule(day, stop_id):
    state = day.stops[stop_id]
    return state.pinned_vehicle, state.pinned_position, state.moved_after, set(state.forbidden)


def test_each_word_binds_its_stop():
    assert rule(a_day(), "B") == (None, None, None, set())
    assert rule(lived(a_day(), pin("1", "B", "W")), "B") == ("W", None, None, set())
    assert rule(lived(a_day(), pin("1", "B", "W", 2)), "B") == ("W", 2, None, set())
    assert rule(lived(a_day(), ban("1", "B", "V"), ban("2", "B", "W")), "B") == (None, None, None, {"V", "W"})
    assert rule(lived(a_day(), move("1", "B", "W", "D")), "B") == ("W", None, "D", set())
    assert rule(lived(a_day(), move("1", "B", "W")), "B") == ("W", 0, None, set())


def test_of_two_words_the_later_counts_and_the_earlier_again_when_that_is_taken_back():
    day = lived(a_day(), pin("1", "B", "W", 1), move("2", "B", "V", "C"))
    assert rule(day, "B") == ("V", None, "C", set())
    day = lived(day, undo("3", "2"))
    assert rule(day, "B") == ("W", 1, None, set())
    assert rule(lived(day, undo("4", "1")), "B") == (None, None, None, set())


def test_a_pin_lifts_a_ban_and_a_ban_lifts_a_pin_of_the_same_vehicle():
    day = lived(a_day(), ban("1", "B", "W"), pin("2", "B", "W"))
    assert rule(day, "B") == ("W", None, None, set())
    assert rule(lived(day, undo("3", "2")), "B") == (None, None, None, {"W"})
    day = lived(a_day(), pin("1", "B", "W"), ban("2", "B", "W"))
    assert rule(day, "B") == (None, None, None, {"W"})
    assert rule(lived(day, undo("3", "2")), "B") == ("W", None, None, set())
    assert any("later word" in words for words in warnings(lived(a_day(), ban("1", "B", "W")), pin("2", "B", "W")))
    assert any("later word" in words for words in warnings(lived(a_day(), pin("1", "B", "W")), ban("2", "B", "W")))


def test_a_word_may_be_taken_back_before_it_comes_and_is_void_then():
    first = undo("0", "1")
    assert "when it comes it will count for nothing" in warnings(a_day(), first)[0]
    day = lived(a_day(), first, pin("1", "B", "W"))
    assert rule(day, "B") == (None, None, None, set())


def test_taking_back_twice_or_what_is_no_word():
    day = lived(a_day(), pin("1", "B", "W"), undo("2", "1"))
    assert any("taken back already" in words for words in warnings(day, undo("3", "1")))
    assert refused(day, undo("3", "routing:plan-1")) == ["NOT_A_WORD"]
    assert refused(day, told(ConditionWithdrawn, "3", 20, event_id="1")) == ["NOT_A_CONDITION"]


def test_the_first_plan_binds_a_place_to_the_stop_before_it():
    day = lived(a_day(), pin("1", "B", "W", 1))
    day = published(day, {"V": ("A", "C"), "W": ("D", "B")}, 20)
    assert rule(day, "B") == ("W", None, "D", set())
    # A ban of another vehicle, or taking it back, leaves that as it is; the pin said again begins anew.
    day = lived(day, ban("2", "B", "V"))
    assert rule(day, "B") == ("W", None, "D", {"V"})
    assert rule(lived(day, pin("3", "B", "W", 0)), "B") == ("W", 0, None, {"V"})
    # The next free visit stays the next free visit.
    day = published(lived(a_day(), pin("1", "B", "W", 0)), {"V": ("A", "C"), "W": ("B", "D")}, 20)
    assert rule(day, "B") == ("W", 0, None, set())


def test_a_place_that_the_plan_could_not_give_stays_asked_for():
    day = published(lived(a_day(), pin("1", "B", "W", 1)), {"V": ("A", "B", "C"), "W": ("D",)}, 20)
    assert rule(day, "B") == ("W", 1, None, set())


def test_a_pin_beyond_the_end_comes_first_where_there_is_nothing_else():
    day = published(lived(a_day(), pin("1", "B", "W", 5)), {"V": ("A", "C", "D"), "W": ("B",)}, 20)
    assert rule(day, "B") == ("W", 0, None, set())


def test_of_stops_that_are_to_follow_each_other_in_a_circle_the_older_word_gives_way():
    day = lived(a_day(), move("1", "B", "V", "A"), move("2", "C", "V", "B"))
    circle = move("3", "A", "V", "C")
    assert any("later word" in words for words in warnings(day, circle))
    day = lived(day, circle)
    assert [day.stops[key].moved_after for key in "ABC"] == ["C", None, "B"]
    assert day.stops["B"].pinned_vehicle == "V"


def test_a_move_gives_way_where_a_plan_settles_the_other_stop_behind_it():
    # A was to come after B, but its driver went there first; then B is pinned to the second place.
    day = lived(a_day(), move("1", "A", "V", "B"), pin("2", "B", "V", 1))
    day = published(day, {"V": ("A", "B", "C"), "W": ("D",)}, 20)
    assert [day.stops[key].moved_after for key in "AB"] == [None, "A"]
    assert day.stops["A"].pinned_vehicle == "V"
    # The chain that a later word follows has an end.
    assert lived(day, move("3", "C", "V", "A")).stops["C"].moved_after == "A"


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (pin("1", "Z", "V"), "STOP_UNKNOWN"),
        (pin("1", "B", "Z"), "VEHICLE_UNKNOWN"),
        (pin("1", "B", "V", -1), "POSITION_NEGATIVE"),
        (ban("1", "B", "Z"), "VEHICLE_UNKNOWN"),
        (move("1", "B", "V", "Z"), "STOP_UNKNOWN"),
        (move("1", "B", "V", "B"), "MOVE_AFTER"),
        (move("1", "B", "W", "C"), "MOVE_AFTER"),
    ],
)
def test_what_cannot_be_is_refused(event, code):
    assert refused(a_day(), event) == [code]


def test_a_stop_is_moved_after_an_open_stop_of_the_vehicle_as_planned_or_as_told():
    day = lived(a_day(), pin("1", "C", "W"))
    assert refused(day, move("2", "B", "W", "C")) == []
    day = lived(a_day(), told(VisitServed, "s", 300, stop_id="C", vehicle_id="V"))
    assert refused(day, move("2", "B", "V", "C")) == ["MOVE_AFTER"]


def test_goods_on_board_are_pinned_to_nobody_else_unless_their_vehicle_is_broken():
    day = lived(a_day(), told(VehicleDeparted, "d", 5, vehicle_id="V"))
    assert refused(day, pin("1", "A", "W")) == ["GOODS_ELSEWHERE"]
    assert refused(day, move("1", "A", "W", "D")) == ["GOODS_ELSEWHERE"]
    assert refused(day, pin("1", "A", "V")) == []
    # B has no goods to fetch.
    assert refused(day, pin("1", "B", "W")) == []
    assert any("on board V" in words for words in warnings(day, ban("1", "A", "V")))
    day = lived(day, told(VehicleOutOfService, "o", 8, vehicle_id="V"))
    assert refused(day, pin("1", "A", "W")) == []


def test_who_is_served_is_pinned_to_nobody_else():
    day = lived(a_day(), told(VisitStarted, "s", 200, stop_id="B", vehicle_id="V"))
    assert refused(day, pin("1", "B", "W", at_s=210)) == ["VISIT_UNDER_WAY"]
    day = lived(day, told(VisitServed, "t", 300, stop_id="B"))
    assert refused(day, pin("1", "B", "V", at_s=310)) == ["STOP_CLOSED"]
    assert refused(day, replace(ban("1", "B", "V"), known_at_s=310)) == ["STOP_CLOSED"]
