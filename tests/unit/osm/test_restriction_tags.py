from datetime import datetime

import opening_hours

from routing.osm.restriction import TurnRule, parse_restriction, restriction_kind, turn_rules
from routing.osm.vehicle import Vehicle

CAR = Vehicle(access_keys=("motorcar", "motor_vehicle", "vehicle", "access"))
VAN = Vehicle(access_keys=("goods", "motor_vehicle", "vehicle", "access"))
TRUCK = Vehicle(access_keys=("hgv", "motor_vehicle", "vehicle", "access"), weight_kg=18_000, rated_weight_kg=18_000)
MEMBERS = [("w", 1, "from"), ("n", 5, "via"), ("w", 2, "to"), ("n", 9, "location_hint")]


def test_members_by_role():
    read = parse_restriction(7, {"restriction": "no_left_turn"}, MEMBERS)
    assert (read.relation_id, read.from_way_ids, read.via_node_ids, read.via_way_ids, read.to_way_ids) == (
        7,
        (1,),
        (5,),
        (),
        (2,),
    )
    assert restriction_kind(read, CAR.own_keys) == "no_left_turn"


def test_an_excepted_vehicle_is_not_bound():
    read = parse_restriction(1, {"restriction": "no_left_turn", "except": "psv; motorcar"}, MEMBERS)
    assert restriction_kind(read, CAR.own_keys) is None
    assert restriction_kind(read, VAN.own_keys) == "no_left_turn"


def test_walkers_are_bound_only_where_they_are_named():
    foot = Vehicle(access_keys=("foot", "access"))
    everybody = parse_restriction(1, {"restriction": "no_left_turn"}, MEMBERS)
    by_the_hour = parse_restriction(1, {"restriction:conditional": "no_left_turn @ (07:00-09:00)"}, MEMBERS)
    walkers = parse_restriction(1, {"restriction:foot": "no_left_turn"}, MEMBERS)
    assert restriction_kind(everybody, foot.own_keys) is None
    assert turn_rules(by_the_hour, foot) == ((), True)
    assert restriction_kind(walkers, foot.own_keys) == "no_left_turn"


def test_a_restriction_of_one_vehicle_binds_only_that_one():
    read = parse_restriction(1, {"restriction:goods": "only_straight_on"}, MEMBERS)
    assert restriction_kind(read, VAN.own_keys) == "only_straight_on"
    assert restriction_kind(read, CAR.own_keys) is None


def test_one_that_holds_at_times_in_both_spellings():
    modern = parse_restriction(1, {"restriction:conditional": "no_left_turn @ (Mo-Fr 07:00-09:00)"}, MEMBERS)
    old_tags = {"day_on": "Monday", "day_off": "friday", "hour_on": "07:00", "hour_off": "09:00"}
    old = parse_restriction(1, {"restriction": "no_left_turn", **old_tags}, MEMBERS)
    for read in (modern, old):
        assert restriction_kind(read, CAR.own_keys) is None
        assert turn_rules(read, CAR) == ((TurnRule(kind="no_left_turn", hours="Mo-Fr 07:00-09:00"),), True)


def test_hours_alone_and_days_alone():
    for tags, hours in [
        ({"hour_on": "07:00", "hour_off": "09:00"}, "07:00-09:00"),
        ({"day_on": "Saturday", "day_off": "Sunday"}, "Sa-Su"),
    ]:
        read = parse_restriction(1, {"restriction": "no_left_turn", **tags}, MEMBERS)
        assert turn_rules(read, CAR) == ((TurnRule(kind="no_left_turn", hours=hours),), True)


def test_the_conditional_of_one_vehicle_and_its_exceptions():
    for_trucks = parse_restriction(1, {"restriction:hgv:conditional": "no_left_turn @ (weight>12)"}, MEMBERS)
    assert turn_rules(for_trucks, TRUCK) == ((TurnRule(kind="no_left_turn", hours=None),), True)
    assert turn_rules(for_trucks, CAR) == ((), True)
    but_trucks = {"restriction:conditional": "no_left_turn @ (07:00-09:00)", "except": "hgv"}
    read = parse_restriction(1, but_trucks, MEMBERS)
    assert turn_rules(read, TRUCK) == ((), True)
    assert len(turn_rules(read, CAR)[0]) == 1


def test_a_clause_takes_the_place_of_what_holds_otherwise():
    tags = {"restriction": "only_straight_on", "restriction:conditional": "none @ (22:00-06:00)"}
    ((rule,), understood) = turn_rules(parse_restriction(1, tags, MEMBERS), CAR)
    assert (rule.kind, understood) == ("only_straight_on", True)
    hours = opening_hours.OpeningHours(rule.hours)
    assert hours.is_open(datetime(2024, 5, 6, 12, 0))
    assert not hours.is_open(datetime(2024, 5, 6, 23, 0))
    heavy = {"restriction": "no_left_turn", "restriction:conditional": "none @ (weight<=20)"}
    assert turn_rules(parse_restriction(1, heavy, MEMBERS), TRUCK) == ((), True)


def test_what_is_not_understood_is_told():
    read = parse_restriction(1, {"restriction:conditional": "no_left_turn @ wet"}, MEMBERS)
    assert turn_rules(read, CAR) == ((), False)
    read = parse_restriction(1, {"restriction": "no_left_turn", "hour_on": "dawn", "hour_off": "dusk!"}, MEMBERS)
    assert turn_rules(read, CAR) == ((), False)
