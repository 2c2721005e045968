from routing.osm.restriction import parse_restriction, restriction_kind

CAR = ("motorcar", "motor_vehicle", "vehicle")
VAN = ("goods", "motor_vehicle", "vehicle")
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
    assert restriction_kind(read, CAR) == "no_left_turn"


def test_an_excepted_vehicle_is_not_bound():
    read = parse_restriction(1, {"restriction": "no_left_turn", "except": "psv; motorcar"}, MEMBERS)
    assert restriction_kind(read, CAR) is None
    assert restriction_kind(read, VAN) == "no_left_turn"


def test_a_restriction_of_one_vehicle_binds_only_that_one():
    read = parse_restriction(1, {"restriction:goods": "only_straight_on"}, MEMBERS)
    assert restriction_kind(read, VAN) == "only_straight_on"
    assert restriction_kind(read, CAR) is None


def test_one_that_holds_at_times_is_conditional_in_both_spellings():
    modern = parse_restriction(1, {"restriction:conditional": "no_left_turn @ (Mo-Fr 07:00-09:00)"}, MEMBERS)
    old = parse_restriction(1, {"restriction": "no_left_turn", "hour_on": "07:00", "hour_off": "09:00"}, MEMBERS)
    for read in (modern, old):
        assert read.conditional is not None
        assert restriction_kind(read, CAR) is None
