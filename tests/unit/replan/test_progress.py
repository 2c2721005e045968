"""Where a vehicle is, on a road where 1 km takes 100 s.

V leaves its start at km 0 at 0 and serves A at km 1 (100 to 160), B at km 2 (260 to 320) and C at km 3 (420 to 480);
it is back at 780.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_days import at_km, begun, km_of, published, stop, vehicle

from routing.events.fold import apply
from routing.events.news import (
    BreakTaken,
    VehicleAdded,
    VehicleArrived,
    VehicleBack,
    VehicleDelayed,
    VehicleDeparted,
    VisitDelayed,
)
from routing.events.types import (
    StopCancelled,
    VehicleLocated,
    VehicleOutOfService,
    VisitFailed,
    VisitServed,
    VisitStarted,
)
from routing.network.location import Location
from routing.problem.model import TimeWindow
from routing.replan.progress import progress_of


def a_day(**windows):
    stops = [stop(key, x_km, window=windows.get(key)) for key, x_km in (("A", 1), ("B", 2), ("C", 3))]
    return begun(stops, [vehicle("V"), vehicle("W")], {"V": ("A", "B", "C")})


def report(kind, at_s, stop_id, *, known_at_s=None, vehicle_id="V"):
    known = at_s if known_at_s is None else known_at_s
    return kind(
        id=f"{kind.TYPE}-{stop_id}-{at_s}",
        known_at_s=known,
        effective_at_s=at_s,
        stop_id=stop_id,
        vehicle_id=vehicle_id,
    )


def seen(at_s, x_km):
    return VehicleLocated(id=f"seen-{at_s}", known_at_s=at_s, effective_at_s=at_s, vehicle_id="V", location=at_km(x_km))


def progress(day, now_s, vehicle_id="V"):
    return progress_of(day, vehicle_id, now_s, {})


def ids(visits):
    return [visit.stop_id for visit in visits]


def test_a_vehicle_without_a_route_stands_at_its_start():
    here = progress(a_day(), 50, "W")
    assert (here.activity, km_of(here.location), here.free_s, here.left) == ("at_start", 0, 50, False)


def test_between_two_stops_it_is_where_its_plan_puts_it_and_the_next_is_committed():
    # Half of the 100 s from the start to A.
    here = progress(a_day(), 50)
    assert (here.activity, km_of(here.location), here.free_s) == ("driving", 0.5, 50)
    assert (here.committed, here.order, here.assumed, here.left) == ("A", ("A", "B", "C"), (), True)


def test_on_the_line_of_its_leg_it_has_the_lines_heading():
    # From km 0 to A at km 1 by a way that first runs north: half the time is half the way, on the eastward part.
    north = (0.0, 0.0), (0.001, 0.0), (0.001, at_km(1).lon_deg), (0.0, at_km(1).lon_deg)
    here = progress_of(a_day(), "V", 50, {"V": [north]})
    assert here.location.lat_deg == pytest.approx(0.001)
    assert km_of(here.location) == pytest.approx(0.5, abs=0.002)
    assert here.location.heading_deg == pytest.approx(90, abs=0.1)


def test_at_a_stop_it_is_free_when_the_service_ends():
    here = progress(a_day(), 130)
    assert (here.activity, here.serving, km_of(here.location), here.free_s) == ("serving", "A", 1, 160)
    assert (ids(here.assumed), here.order, here.committed) == (["A"], ("B", "C"), None)


def test_without_reports_the_plans_own_times_have_happened():
    # Both A and B are behind at 350; 30 of the 100 s to C are driven.
    here = progress(a_day(), 350)
    assert (ids(here.assumed), here.committed, km_of(here.location)) == (["A", "B"], "C", 2.3)


def test_who_was_late_at_one_stop_is_late_at_the_next():
    # A is served at 200 instead of 160: at 260 it has driven 60 s of the 100 to B, which it would have reached by plan.
    day = apply(a_day(), report(VisitServed, 200, "A"))
    here = progress(day, 260)
    assert (here.activity, km_of(here.location), here.committed, here.assumed) == ("driving", 1.6, "B", ())
    # B is then served from 300 to 360.
    assert (progress(day, 320).serving, progress(day, 320).free_s) == ("B", 360)


def test_waiting_makes_up_for_lateness():
    # A must begin by 150 and B opens at 400: leaving at 50, A ends at 210, B is reached at 310 and waits for 90 s.
    # With A served 40 s later B is reached at 350, and still begins at 400 and ends at 460.
    day = apply(a_day(A=(0, 150), B=(400, 900)), report(VisitServed, 250, "A"))
    waits = progress(day, 370)
    assert (waits.activity, waits.committed, km_of(waits.location), waits.free_s) == ("waiting", "B", 2, 350)
    assert (progress(day, 430).serving, progress(day, 430).free_s) == ("B", 460)


def test_at_the_moment_of_leaving_nothing_is_committed_yet():
    here = progress(apply(a_day(), report(VisitServed, 200, "A")), 200)
    assert (here.activity, here.committed, km_of(here.location), here.free_s) == ("stopped", None, 1, 200)


def test_a_reported_start_holds_the_vehicle_for_the_service():
    # A begins at 190 instead of 100 and takes 60 s.
    day = apply(a_day(), report(VisitStarted, 190, "A"))
    assert (progress(day, 200).serving, progress(day, 200).free_s) == ("A", 250)
    # Without another report it is taken as done at 250; 50 s later it is half way to B.
    later = progress(day, 300)
    assert (ids(later.assumed), km_of(later.location), later.committed) == (["A"], 1.5, "B")


def test_a_stop_served_before_its_turn_is_followed_and_the_other_remains():
    # B is served at 250 although A comes first and would have ended at 160: A is taken as made.
    assert ids(progress(apply(a_day(), report(VisitServed, 250, "B")), 250).assumed) == ["A"]
    # C is served at 310, before B can have ended at 320: B was skipped and where the vehicle goes next is not known.
    here = progress(apply(a_day(), report(VisitServed, 310, "C")), 330)
    assert (ids(here.assumed), here.order, here.committed) == (["A"], ("B",), None)
    assert (here.activity, km_of(here.location), here.free_s) == ("stopped", 3, 330)


def test_a_report_beats_what_a_plan_before_has_assumed():
    # The plan made at 350 takes A and B as made. At 360 the driver begins A: B and C are still to come.
    day = published(a_day(), {"V": ("C",)}, 350)
    here = progress(apply(day, report(VisitStarted, 360, "A")), 370)
    assert (here.serving, here.free_s, here.order) == ("A", 420, ("B", "C"))


def test_a_fresh_position_beats_the_share_of_the_leg():
    # Seen at km 0.2 at 40; by plan it would be at km 0.5 at 50.
    here = progress(apply(a_day(), seen(40, 0.2)), 50)
    assert (km_of(here.location), here.free_s, here.committed) == (0.2, 40, "A")


def test_a_position_from_before_the_last_departure_says_nothing():
    assert km_of(progress(apply(a_day(), seen(40, 0.2)), 210).location) == 1.5


def test_a_position_elsewhere_says_that_it_has_not_arrived():
    # By plan it serves A from 100 on; at 120 it is seen 500 m before A.
    here = progress(apply(a_day(), seen(120, 0.5)), 130)
    assert (here.activity, km_of(here.location), here.committed) == ("driving", 0.5, "A")


def test_who_is_still_at_its_start_after_its_time_is_loaded_but_has_gone_nowhere():
    here = progress(apply(a_day(), seen(300, 0.1)), 310)
    assert (here.activity, here.left, here.order, here.free_s) == ("stopped", True, ("A", "B", "C"), 310)


def test_the_way_to_a_cancelled_stop_leaves_the_driver_free():
    day = apply(a_day(), StopCancelled(id="x", known_at_s=50, effective_at_s=50, stop_id="A"))
    here = progress(day, 50)
    assert (here.activity, km_of(here.location), here.committed, here.order) == ("driving", 0.5, None, ("B", "C"))


def test_after_its_last_stop_it_drives_home_and_is_back():
    home = progress(a_day(), 530)
    assert (home.activity, home.committed, km_of(home.location)) == ("driving", None, 2.5)
    back = progress(a_day(), 800)
    assert (back.activity, km_of(back.location), back.free_s) == ("returned", 0, 800)
    # A plan made then keeps since when it is back.
    day = published(a_day(), {}, 800)
    again = progress(day, 900)
    assert (again.activity, again.free_s, again.last_s) == ("returned", 900, 780)


def test_a_failed_visit_frees_its_vehicle_at_once():
    here = progress(apply(a_day(), report(VisitFailed, 110, "A")), 110)
    assert (here.activity, here.free_s, here.order, km_of(here.location)) == ("stopped", 110, ("B", "C"), 1)


def out(at_s, *, until_s=None, x_km=None):
    return VehicleOutOfService(
        id=f"out-{at_s}",
        known_at_s=at_s,
        effective_at_s=at_s,
        vehicle_id="V",
        location=None if x_km is None else at_km(x_km),
        until_s=until_s,
    )


def test_a_vehicle_out_of_service_stays_where_it_is_said_to_be_and_goes_on_at_the_given_time():
    day = apply(a_day(), out(210, until_s=900, x_km=1.7))
    here = progress(day, 210)
    assert (here.activity, km_of(here.location), here.free_s, here.committed) == ("paused", 1.7, 900, None)
    assert (ids(here.assumed), here.order) == (["A"], ("B", "C"))
    # A plan that knows of the pause begins at its end: B is reached 30 s after 900.
    day = published(day, {"V": ("B", "C")}, 210)
    assert progress(day, 500).free_s == 900
    assert (progress(day, 915).committed, km_of(progress(day, 915).location)) == ("B", 1.85)


def test_without_a_place_it_stays_where_its_plan_puts_it_and_without_an_end_it_is_stranded():
    day = apply(a_day(), out(210))
    here = progress(day, 400)
    assert (here.activity, km_of(here.location), here.order) == ("stranded", 1.5, ("B", "C"))
    assert km_of(progress(published(day, {}, 400), 600).location) == 1.5


def test_a_visit_that_has_begun_lasts_as_long_as_it_was_planned_to():
    # The plan gave A 60 s of service and 90 s for the walk to its door: begun at 110, it ends at 260.
    day = a_day()
    (route,) = day.plan.routes
    first, *others = route.visits
    longer = replace(first, depart_s=first.depart_s + 90)
    day = replace(day, plan=replace(day.plan, routes=(replace(route, visits=(longer, *others)),)))
    here = progress(apply(day, report(VisitStarted, 110, "A")), 200)
    assert (here.activity, here.serving, here.free_s) == ("serving", "A", 260)


def news(kind, at_s, *, number=1, known_at_s=None, **fields):
    known = at_s if known_at_s is None else known_at_s
    return kind(id=f"{kind.TYPE}-{at_s}-{number}", known_at_s=known, effective_at_s=at_s, **fields)


def after(day, *events):
    for event in events:
        day = apply(day, event)
    return day


def test_who_left_later_than_planned_is_later_at_every_stop():
    # It left at 40: at 90 it has driven 50 of the 100 s to A, and serves A from 140 to 200.
    day = after(a_day(), news(VehicleDeparted, 40, vehicle_id="V"))
    here = progress(day, 90)
    assert (here.activity, km_of(here.location), here.committed) == ("driving", 0.5, "A")
    assert (progress(day, 150).serving, progress(day, 150).free_s) == ("A", 200)


def test_who_left_earlier_arrives_earlier_and_waits_for_the_window():
    # Leaving at 500 A would be reached at 600, when it opens; V left at 300 and is there at 400.
    day = begun([stop("A", 1, window=(600, 900))], [vehicle("V", shift=TimeWindow(start_s=500, end_s=9_000))], {})
    day = published(day, {"V": ("A",)}, 0)
    assert day.plan.routes[0].start_s == 500
    day = after(day, news(VehicleDeparted, 300, vehicle_id="V"))
    assert (progress(day, 350).activity, km_of(progress(day, 350).location)) == ("driving", 0.5)
    here = progress(day, 450)
    assert (here.activity, here.free_s, here.committed, here.left) == ("waiting", 400, "A", True)
    assert progress(day, 630).serving == "A"


def test_a_departure_that_is_told_after_a_plan_puts_the_vehicle_back_at_its_start():
    # The plan of 200 takes A as made and V on the way to B; at 210 comes word that it left at 205.
    day = after(published(a_day(), {"V": ("B", "C")}, 200), news(VehicleDeparted, 205, known_at_s=210, vehicle_id="V"))
    here = progress(day, 210)
    assert (here.activity, km_of(here.location), here.order) == ("stopped", 0, ("A", "B", "C"))


def test_who_left_later_than_a_plan_took_it_to_have_is_later_at_every_stop():
    # The plan of 0 has V under way from its start at 0; it left at 160 and is half way to A at 210.
    day = after(published(a_day(), {"V": ("A", "B", "C")}, 0), news(VehicleDeparted, 160, vehicle_id="V"))
    here = progress(day, 210)
    assert (here.committed, km_of(here.location), here.assumed) == ("A", 0.5, ())


def test_a_vehicle_that_works_without_a_plan_has_left():
    here = progress(after(a_day(), news(VehicleDeparted, 40, vehicle_id="W")), 90, "W")
    assert (here.activity, here.left, here.free_s, here.order) == ("stopped", True, 90, ())


def test_a_vehicle_that_is_held_up_at_its_start_has_not_left():
    day = after(a_day(), news(VehicleDelayed, 0, vehicle_id="V", until_s=500))
    here = progress(day, 300)
    assert (here.activity, here.left, here.free_s, here.order) == ("at_start", False, 500, ("A", "B", "C"))
    # At 500 it goes, as far as is known: at 550 it is half way to A.
    later = progress(day, 550)
    assert (later.left, km_of(later.location), later.committed) == (True, 0.5, "A")


def test_who_has_arrived_serves_at_once_or_waits_for_the_window():
    day = after(a_day(), report(VehicleArrived, 130, "A"))
    # By plan A would be served at 100; arrived at 130 it is served until 190.
    assert (progress(day, 150).serving, progress(day, 150).free_s) == ("A", 190)
    # Leaving at 50, A ends at 210 and B is reached at 310, before it opens; V is there at 300.
    day = after(a_day(A=(0, 150), B=(400, 900)), report(VehicleArrived, 300, "B"))
    here = progress(day, 350)
    assert (here.activity, here.committed, here.free_s, here.order) == ("waiting", "B", 300, ("B", "C"))
    assert ids(here.assumed) == ["A"]


def test_who_arrives_at_another_stop_is_followed():
    # At 90, before A could be reached, V is at B, which opens at 400: B comes first, then A, then C.
    here = progress(after(a_day(B=(400, 900)), report(VehicleArrived, 90, "B")), 120)
    assert (here.activity, here.committed, here.order) == ("waiting", "B", ("B", "A", "C"))
    here = progress(after(a_day(), report(VehicleArrived, 90, "B")), 120)
    assert (here.serving, here.free_s, here.order) == ("B", 150, ("A", "C"))


def test_who_arrives_without_a_route_waits_there_or_serves():
    here = progress(after(a_day(C=(600, 900)), report(VehicleArrived, 90, "C", vehicle_id="W")), 120, "W")
    assert (here.activity, here.committed, here.free_s, here.left) == ("waiting", "C", 90, True)
    here = progress(after(a_day(), report(VehicleArrived, 90, "C", vehicle_id="W")), 120, "W")
    assert (here.serving, here.free_s) == ("C", 150)


def test_a_service_that_takes_longer_ends_when_it_is_said_to():
    day = after(a_day(), report(VisitStarted, 100, "A"), news(VisitDelayed, 130, stop_id="A", until_s=400))
    assert (progress(day, 200).serving, progress(day, 200).free_s) == ("A", 400)
    # Then B is reached at 500: at 450 it is half way.
    assert (km_of(progress(day, 450).location), progress(day, 450).committed) == (1.5, "B")


def break_of(from_s, until_s):
    return news(BreakTaken, from_s, vehicle_id="V", until_s=until_s)


def test_a_break_on_the_road_stops_the_drive_there():
    # From 40 to 340 it stands at km 0.4; the stop that it drives to stays its next.
    day = after(a_day(), break_of(40, 340))
    here = progress(day, 200)
    assert (here.activity, km_of(here.location), here.free_s, here.committed) == ("paused", 0.4, 340, "A")
    # A is reached at 400 and left at 460.
    assert km_of(progress(day, 370).location) == 0.7
    assert (progress(day, 420).serving, progress(day, 420).free_s) == ("A", 460)


def test_a_break_in_a_service_ends_it_no_earlier_than_itself():
    day = after(a_day(), break_of(120, 300))
    assert (progress(day, 200).serving, progress(day, 200).free_s) == ("A", 300)
    # B is reached at 400.
    assert km_of(progress(day, 350).location) == 1.5
    short = after(a_day(), break_of(120, 140))
    assert progress(short, 150).free_s == 160


def test_a_break_before_leaving_delays_the_departure():
    day = after(a_day(), report(VisitServed, 160, "A"), break_of(160, 400))
    here = progress(day, 300)
    assert (here.activity, km_of(here.location), here.free_s) == ("paused", 1, 400)
    assert (km_of(progress(day, 450).location), progress(day, 450).committed) == (1.5, "B")


def test_a_plan_that_knows_of_a_break_is_not_delayed_by_it_again():
    day = published(after(a_day(), break_of(40, 340)), {"V": ("A", "B", "C")}, 60)
    assert progress(day, 100).free_s == 340
    assert (progress(day, 420).serving, progress(day, 420).free_s) == ("A", 460)


def test_a_vehicle_that_is_back_goes_on_from_where_it_broke_down():
    broken = out(210)
    # Both are news to the plan: it stood at km 1.5 from 210 to 600.
    here = progress(after(a_day(), broken, news(VehicleBack, 600, vehicle_id="V")), 700)
    assert (here.activity, km_of(here.location), here.free_s, here.order) == ("stopped", 1.5, 700, ("B", "C"))
    # The plan of 400 knows that it is stranded; its goods are still on board at 600, its stops are not its own.
    day = after(published(after(a_day(), broken), {}, 400), news(VehicleBack, 600, vehicle_id="V"))
    here = progress(day, 700)
    assert (here.activity, km_of(here.location), here.free_s, here.left, here.order) == ("stopped", 1.5, 700, True, ())
    # A visit reported since says where it is.
    day = after(day, report(VisitServed, 720, "B"))
    assert km_of(progress(day, 730).location) == 2


def test_an_added_vehicle_stands_at_its_start():
    day = after(a_day(), news(VehicleAdded, 100, vehicle=vehicle("X", x_km=5)))
    here = progress(day, 150, "X")
    assert (here.activity, km_of(here.location), here.free_s, here.left) == ("at_start", 5, 150, False)


def test_two_positions_that_lead_to_another_stop_say_where_a_driver_goes():
    # A lies at km 1 and B at km -2: V turns to B at once.
    def driven(*spots):
        day = begun([stop("A", 1), stop("B", -2), stop("C", 3)], [vehicle("V")], {"V": ("A", "B", "C")})
        return after(day, *(seen(at_s, x_km) for at_s, x_km in spots))

    # One position away from A may be a detour.
    assert progress(driven((40, -0.4)), 50).committed == "A"
    here = progress(driven((40, -0.4), (80, -0.8)), 90)
    assert (here.activity, here.committed, here.order) == ("driving", "B", ("B", "A", "C"))
    assert (km_of(here.location), here.free_s) == (-0.8, 80)
    # Heading west, as he came.
    assert here.location.heading_deg == pytest.approx(270)
    # First away and then back, or back and then away, says nothing.
    assert progress(driven((40, -0.8), (80, -0.4)), 90).committed == "A"
    assert progress(driven((40, 0.4), (80, -0.4)), 90).committed == "A"


def test_who_drives_past_the_next_stop_is_followed_to_the_one_behind_it():
    # A at km 1 is passed without a halt: at 130 V is at km 1.4, then at 1.8 and 2.2, away from A and towards C at km 3.
    day = begun([stop("A", 1), stop("C", 3)], [vehicle("V")], {"V": ("A", "C")})
    here = progress(after(day, seen(90, 1.0), seen(130, 1.4), seen(155, 1.8)), 158)
    assert (here.committed, here.order, here.assumed) == ("C", ("C", "A"), ())


def test_a_position_on_the_line_of_its_leg_has_the_lines_heading():
    # Half of the way runs north, half east; V is seen a few metres beside the eastern half.
    north = (0.0, 0.0), (0.004, 0.0), (0.004, at_km(1).lon_deg)
    there = Location(lat_deg=0.00402, lon_deg=at_km(0.5).lon_deg)
    where = VehicleLocated(id="p", known_at_s=60, effective_at_s=60, vehicle_id="V", location=there)
    here = progress_of(after(a_day(), where), "V", 70, {"V": [north]})
    assert (here.location.lat_deg, here.location.heading_deg) == (0.00402, pytest.approx(90, abs=0.1))
    # Where the same road is driven there and back, the time tells which way.
    both = (0.0, 0.0), (0.0, at_km(2).lon_deg), (0.0, at_km(1).lon_deg)
    for at_s, heading_deg in ((40, 90), (80, 270)):
        day = after(
            a_day(), VehicleLocated(id="p", known_at_s=at_s, effective_at_s=at_s, vehicle_id="V", location=at_km(1.3))
        )
        here = progress_of(day, "V", at_s, {"V": [both]})
        assert here.location.heading_deg == pytest.approx(heading_deg, abs=0.1)
    # Its own heading counts, and one far from the line has none.
    own = replace(there, heading_deg=200.0)
    day = after(a_day(), replace(where, location=own))
    assert progress_of(day, "V", 70, {"V": [north]}).location == own
    far = replace(where, location=replace(there, lat_deg=0.0052))
    assert progress_of(after(a_day(), far), "V", 70, {"V": [north]}).location.heading_deg is None


def test_where_every_visit_is_reported_none_is_assumed():
    stops = [stop(key, x_km, window=None) for key, x_km in (("A", 1), ("B", 2), ("C", 3))]
    day = begun(stops, [vehicle("V")], {"V": ("A", "B", "C")}, assumes_visits=False)
    # By plan A would be behind at 250; nobody was heard of there, so V is still driving to it.
    here = progress(day, 250)
    assert (here.assumed, here.committed, here.order) == ((), "A", ("A", "B", "C"))
    # It has arrived, and no service has begun: it can begin now.
    here = progress(after(day, report(VehicleArrived, 240, "A")), 250)
    assert (here.activity, here.committed, here.free_s) == ("waiting", "A", 250)
    # It has begun and should have ended at 310: it goes on for a minute from whenever one asks.
    here = progress(after(day, report(VisitStarted, 250, "A")), 400)
    assert (here.serving, here.free_s) == ("A", 460)


def test_a_plan_made_on_the_way_commits_its_next_stop_from_its_very_moment_on():
    # The plan of 50 has V at km 0.5 on its way to B, which it was told instead of A.
    day = published(a_day(), {"V": ("B", "A", "C")}, 50)
    here = progress(day, 50)
    assert (here.activity, here.committed, km_of(here.location), here.free_s) == ("driving", "B", 0.5, 50)
    # So it is where its driver takes a break there.
    day = published(after(a_day(), break_of(40, 340)), {"V": ("A", "B", "C")}, 60)
    assert (progress(day, 100).activity, progress(day, 100).committed) == ("paused", "A")
    # At a stop nothing is committed before it leaves.
    day = published(after(a_day(), report(VisitServed, 160, "A")), {"V": ("B", "C")}, 160)
    assert (progress(day, 160).activity, progress(day, 160).committed) == ("stopped", None)


def test_who_comes_without_a_plan_waits_to_begin_where_nobody_assumes():
    day = begun([stop("A", 1), stop("B", 2)], [vehicle("V"), vehicle("X")], {"V": ("A", "B")}, assumes_visits=False)
    day = apply(day, VehicleArrived(id="e", known_at_s=100, effective_at_s=100, stop_id="A", vehicle_id="X"))
    there = progress_of(day, "X", 300, {})
    assert (there.activity, there.committed, there.order, there.assumed) == ("waiting", "A", ("A",), ())
    assert there.free_s == 300
    day = apply(day, VisitStarted(id="f", known_at_s=100, effective_at_s=100, stop_id="A", vehicle_id="X"))
    # Its 60 s are over, and nobody has said that it has ended.
    there = progress_of(day, "X", 300, {})
    assert (there.activity, there.serving, there.free_s) == ("serving", "A", 360)
