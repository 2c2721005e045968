from __future__ import annotations

from plan_documents import at, sample_document, with_route, with_visit

from routing.export.changes import document_changes


def told(before, after, **options):
    return [(c.vehicle_id, c.stop_id, c.kind, c.text) for c in document_changes(before, after, **options)]


def visits_of(document, number):
    return document.routes[number].visits


def reordered(document, number, visits):
    """The route with other visits; its legs are of no interest here, as their number must fit."""
    legs = (document.routes[number].legs * 9)[: len(visits) + 1]
    return with_route(document, number, visits=tuple(visits), legs=legs)


def long_route(stop_ids: str):
    """van-1 visits these stops ten minutes apart from 08:10 on."""
    document = sample_document()
    model = visits_of(document, 0)[1]
    visits = [
        model.model_copy(update={"stop_id": stop_id, "address": "", "arrival": at(f"08:{10 + 10 * i}")})
        for i, stop_id in enumerate(stop_ids)
    ]
    return reordered(document, 0, visits)


def test_nothing_changes_between_a_plan_and_itself():
    assert told(sample_document(), sample_document()) == []


def test_an_arrival_is_news_from_the_threshold_on():
    before = sample_document()
    small = with_visit(before, 0, 1, arrival=at("08:29"))  # 4 minutes later
    assert told(before, small) == []
    large = with_visit(before, 0, 1, arrival=at("08:30"))  # 5 minutes later
    assert told(before, large) == [("van-1", "B", "eta", "B (Street of B): ETA 08:25 → 08:30 (5 min later)")]
    assert told(before, small, eta_shift_s=240)[0][3].endswith("08:25 → 08:29 (4 min later)")
    much = with_visit(before, 0, 1, arrival=at("09:35"))  # 70 minutes later
    assert told(before, much)[0][3].endswith("08:25 → 09:35 (1 h 10 min later)")
    earlier = with_visit(before, 0, 1, arrival=at("08:15"))
    assert told(before, earlier)[0][3].endswith("08:25 → 08:15 (10 min earlier)")


def test_a_stop_that_changes_vehicle_is_news_for_both_drivers():
    before = sample_document()
    b = visits_of(before, 0)[1]
    after = reordered(reordered(before, 0, visits_of(before, 0)[:1]), 1, (*visits_of(before, 1), b))
    assert told(before, after) == [
        ("van-1", "B", "removed", "B (Street of B) goes to van-2"),
        ("van-2", "B", "added", "B (Street of B) comes from van-1: now stop 2, ETA 08:25"),
    ]


def test_only_the_stop_that_jumps_is_called_moved():
    # A B C D to B C D A: three keep their order, A alone has moved; B, C and D come 10 minutes earlier.
    changes = told(long_route("ABCD"), long_route("BCDA"))
    assert [(stop_id, kind) for _, stop_id, kind, _ in changes] == [
        ("B", "eta"),
        ("C", "eta"),
        ("D", "eta"),
        ("A", "moved"),
    ]
    assert changes[3][3] == "A now comes after D: stop 4, ETA 08:40"


def test_stops_that_come_and_go():
    before, after = long_route("AB"), long_route("BX")
    changes = told(before, after, done=())
    assert changes == [
        ("van-1", "B", "eta", "B: ETA 08:20 → 08:10 (10 min earlier)"),
        ("van-1", "X", "added", "X is added: now stop 2, ETA 08:20"),
        ("van-1", "A", "removed", "A is taken off"),
    ]


def test_what_is_done_is_no_news():
    before, after = long_route("AB"), long_route("B")
    assert [c[1] for c in told(before, after, done={"A"})] == ["B"]  # its ETA alone
    # Without the list, a stop that was to be left by the instant of the new plan counts as done.
    later = after.model_copy(update={"created_for": at("08:30")})
    assert [c[1] for c in told(before, later)] == ["B"]
    assert ("van-1", "A", "removed", "A is taken off") in told(before, after)


def test_a_stop_that_falls_out_is_said_to_its_driver_and_to_the_dispatcher():
    before = sample_document()
    gone = visits_of(before, 0)[1]
    left = before.unassigned[0].model_copy(update={"stop_id": "B", "address": gone.address, "detail": "Full."})
    after = reordered(before, 0, visits_of(before, 0)[:1]).model_copy(update={"unassigned": (*before.unassigned, left)})
    assert told(before, after) == [
        ("van-1", "B", "removed", "B (Street of B) is taken off: Full."),
        (None, "B", "unassigned", "B (Street of B) is now unassigned: Full."),
    ]


def test_a_vehicle_that_drives_no_more_and_one_that_is_back_later():
    before = sample_document()
    end = before.routes[0].end.model_copy(update={"time": at("09:00")})
    after = with_route(before, 0, end=end).model_copy(update={})
    after = after.model_copy(update={"routes": after.routes[:1]})
    assert told(before, after) == [
        ("van-1", None, "route", "End of route: 08:45 → 09:00 (15 min later)"),
        ("van-2", "C", "removed", "C (Street of C) is taken off"),
        ("van-2", None, "route", "van-2 has no route any more"),
    ]


def test_a_new_window_is_news():
    before = sample_document()
    after = with_visit(before, 0, 1, windows=((at("14:00"), at("15:00")),))
    assert told(before, after) == [("van-1", "B", "window", "B (Street of B): the window is now 14:00–15:00")]
