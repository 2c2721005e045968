"""Plans, proposals, promises and transfers in the day that they make."""

from __future__ import annotations

from dataclasses import replace

from small_days import at_km, begun, lived, publication, refused, rest_of, stop, told, vehicle

from routing.events.news import VehicleDeparted
from routing.events.published import PlanProposed, Transfer
from routing.events.types import (
    StopCancelled,
    VehicleLocated,
    VisitFailed,
    VisitServed,
    VisitStarted,
    WindowChanged,
)
from routing.events.words import DayClosed, PlanAccepted, PlanRejected, StopPinned
from routing.plan.cost import plan_cost
from routing.plan.model import Plan
from routing.plan.schedule import schedule
from routing.problem.model import TimeWindow

STOPS = (stop("A", 1, load=2), stop("B", 2), stop("C", 3))


def a_day(**options):
    return begun(STOPS, (vehicle("V"), vehicle("W")), {"V": ("A", "B"), "W": ("C",)}, **options)


def plan_of(day, orders, now_s, **more):
    rest = rest_of(day, now_s)
    routes = schedule(rest.problem, orders)
    plan = Plan(routes=routes, unassigned=(), cost=plan_cost(rest.problem, routes, ()))
    return replace(publication(day, rest, plan, now_s), **more)


def proposal(day, orders, now_s, key="p", **more):
    plan = plan_of(day, orders, now_s, id=f"{key}:plan", **more)
    return PlanProposed(id=key, known_at_s=now_s, effective_at_s=now_s, plan=plan)


SWAP = {"V": ("A",), "W": ("C", "B")}


def yes(key="p", at_s=100):
    return told(PlanAccepted, f"yes-{key}", at_s, proposal_id=key)


def no(key="p", at_s=100):
    return told(PlanRejected, f"no-{key}", at_s, proposal_id=key)


def test_a_proposal_changes_nothing_until_it_is_accepted():
    before = a_day()
    pinned = told(StopPinned, "w", 5, stop_id="B", vehicle_id="W")
    waiting = lived(before, pinned, proposal(before, SWAP, 6))
    assert waiting.proposal.id == "p"
    assert waiting.plan == before.plan
    assert waiting.stops["B"].vehicle_id == "V"
    assert [event.id for event in waiting.since_plan] == ["w"]


def test_an_accepted_proposal_waits_for_the_plan_that_has_its_orders_from_now_on():
    before = lived(a_day(), told(StopPinned, "w", 5, stop_id="B", vehicle_id="W"))
    offered = proposal(before, SWAP, 6)
    day = lived(before, offered, yes(at_s=40))
    assert (day.proposal, day.accepted, day.plan, day.stops) == (None, offered, before.plan, before.stops)
    assert [event.id for event in day.since_plan] == ["w"]
    day = lived(day, plan_of(day, SWAP, 50))
    assert (day.accepted, day.since_plan, day.stops["B"].vehicle_id) == (None, (), "W")


def test_a_rejected_plan_leaves_the_one_before():
    before = a_day()
    day = lived(before, proposal(before, SWAP, 6), no())
    assert (day.plan, day.proposal, day.stops) == (before.plan, None, before.stops)


def test_other_orders_drop_the_pending_proposal_and_a_newer_proposal_takes_its_place():
    before = a_day()
    offered = proposal(before, SWAP, 6)
    day = lived(before, offered, plan_of(before, {"V": ("A", "B", "C")}, 20, id="other", adopted=True))
    assert day.proposal is None
    assert refused(day, yes()) == ["PROPOSAL_STALE"]
    assert refused(day, no()) == ["PROPOSAL_STALE"]
    day = lived(before, offered, proposal(before, {"V": ("A", "B", "C")}, 20, key="q"))
    assert day.proposal.id == "q"
    assert refused(day, yes("p")) == ["PROPOSAL_STALE"]
    assert refused(day, yes("q")) == []


def test_new_times_leave_the_pending_proposal():
    before = a_day()
    day = lived(before, proposal(before, SWAP, 6), plan_of(before, {"V": ("A", "B"), "W": ("C",)}, 20, adopted=False))
    assert (day.plan.version, day.proposal.id) == (2, "p")
    assert refused(day, yes()) == []


def test_words_about_no_proposal_are_refused():
    assert refused(a_day(), yes()) == ["PROPOSAL_UNKNOWN"]
    before = a_day()
    decided = lived(before, proposal(before, SWAP, 6), no())
    assert refused(decided, yes()) == ["PROPOSAL_STALE"]
    assert refused(lived(before, proposal(before, SWAP, 6), yes()), replace(yes(), id="again")) == ["PROPOSAL_STALE"]


def test_a_proposal_must_be_the_next_plan():
    before = a_day()
    assert refused(before, proposal(before, SWAP, 6, version=3)) == ["PLAN_VERSION"]


def test_a_proposal_is_stale_once_goods_or_a_service_are_another_vehicles():
    before = a_day()
    day = lived(before, proposal(before, {"V": ("B",), "W": ("C", "A")}, 6))
    assert refused(lived(day, told(VehicleDeparted, "d", 20, vehicle_id="V")), yes()) == ["PROPOSAL_STALE"]
    day = lived(before, proposal(before, SWAP, 6))
    assert refused(lived(day, told(VehicleDeparted, "d", 20, vehicle_id="V")), yes()) == []
    assert refused(lived(day, told(VisitStarted, "s", 90, stop_id="B", vehicle_id="V")), yes()) == ["PROPOSAL_STALE"]


def test_a_plan_of_another_day_is_refused():
    day = a_day()
    other = begun((*STOPS, stop("Z", 4)), (vehicle("V"), vehicle("X")), {})
    foreign = replace(plan_of(other, {"V": ("A", "B"), "X": ("Z",)}, 10), version=2)
    assert refused(day, foreign) == ["STOP_UNKNOWN", "VEHICLE_UNKNOWN"]


# Promises.


def test_a_promise_is_kept_until_a_plan_makes_another():
    day = a_day()
    day = lived(day, plan_of(day, {"V": ("A", "B"), "W": ("C",)}, 10, promises=(("A", 50, 150), ("C", 200, 400))))
    assert day.stops["A"].promise == TimeWindow(start_s=50, end_s=150)
    day = lived(day, plan_of(day, {"V": ("A", "B"), "W": ("C",)}, 20, promises=(("A", 90, 190),)))
    assert day.stops["A"].promise == TimeWindow(start_s=90, end_s=190)
    assert day.stops["C"].promise == TimeWindow(start_s=200, end_s=400)
    assert day.stops["B"].promise is None


def test_a_visit_in_vain_ends_its_promise():
    day = a_day(attempts_per_day=2)
    day = lived(day, plan_of(day, {"V": ("A", "B"), "W": ("C",)}, 10, promises=(("A", 50, 150),)))
    assert lived(day, told(VisitFailed, "f", 160, stop_id="A")).stops["A"].promise is None


# Transfers.

RESCUE = Transfer(id="transfer:W:1", to_vehicle="W", from_vehicle="V", location=at_km(0.5), stop_ids=("A",))


def rescued(**options):
    day = lived(a_day(**options), told(VehicleDeparted, "d", 5, vehicle_id="V"))
    return lived(day, plan_of(day, {"V": ("A", "B"), "W": ("C",)}, 60, transfers=(RESCUE,)))


def test_a_transfer_is_a_planned_visit_but_no_customers_stop():
    day = rescued(transfer_service_s=500)
    state = day.stops[RESCUE.id]
    assert (state.state, state.vehicle_id, state.transfer) == ("planned", "W", RESCUE)
    assert (state.stop.location, state.stop.service_s, state.stop.load) == (at_km(0.5), 500, 0)
    assert [each.stop.id for each in day.asked_stops()] == ["A", "B", "C"]
    assert [each.stop.id for each in day.in_state("planned")] == ["A", "B", "C"]


def test_after_the_transfer_the_goods_are_on_board_the_other_vehicle():
    day = rescued()
    assert day.stops["A"].on_board == "V"
    day = lived(day, told(VisitServed, "t", 200, stop_id=RESCUE.id))
    assert (day.stops["A"].on_board, day.stops[RESCUE.id].state) == ("W", "served")
    assert day.vehicles["W"].last_report.location == at_km(0.5)
    assert refused(day, told(VisitServed, "a", 300, stop_id="A", vehicle_id="V")) == ["GOODS_ELSEWHERE"]


def test_a_transfer_in_vain_leaves_the_goods_where_they_are_and_is_not_tried_again():
    day = lived(rescued(attempts_per_day=3), told(VisitFailed, "t", 200, stop_id=RESCUE.id, reason="locked"))
    assert (day.stops[RESCUE.id].state, day.stops["A"].on_board) == ("failed", "V")


def test_a_plan_without_the_transfer_takes_it_back_while_it_is_open():
    day = rescued()
    without = replace(day.plan, id="p3", version=3, base_version=2, transfers=())
    assert RESCUE.id not in lived(day, without).stops
    done = lived(day, told(VisitServed, "t", 200, stop_id=RESCUE.id))
    assert lived(done, without).stops[RESCUE.id].state == "served"
    # The plan's own route may still hold it, as a visit that is taken as made.
    route = day.plan.routes[0]
    assumed = replace(route, vehicle_id="W", assumed=(replace(route.visits[0], stop_id=RESCUE.id),), visits=())
    assert lived(day, replace(without, routes=(assumed,))).stops[RESCUE.id].vehicle_id == "W"


def test_a_transfer_hears_no_customer_and_no_dispatcher():
    day = rescued()
    assert refused(day, told(StopCancelled, "1", 70, stop_id=RESCUE.id)) == ["NOT_A_STOP"]
    assert refused(day, told(WindowChanged, "1", 70, stop_id=RESCUE.id, windows=())) == ["NOT_A_STOP"]
    assert refused(day, told(StopPinned, "1", 70, stop_id=RESCUE.id, vehicle_id="V")) == ["NOT_A_STOP"]


def test_loading_at_the_depot_takes_its_own_time():
    day = a_day(reload_service_s=240)
    reload = Transfer(id="reload:V:1", to_vehicle="V", from_vehicle=None, location=at_km(0), stop_ids=("A",))
    day = lived(day, plan_of(day, {"V": ("A", "B"), "W": ("C",)}, 10, transfers=(reload,)))
    assert day.stops["reload:V:1"].stop.service_s == 240


def test_the_end_of_the_day_ends_its_proposals_and_wants_no_plan():
    before = lived(a_day(), told(VehicleLocated, "l", 5, vehicle_id="V", location=at_km(0)))
    day = lived(before, proposal(before, SWAP, 6), told(DayClosed, "end", 900))
    assert (day.closed, day.proposal, [event.id for event in day.since_plan]) == (True, None, ["l"])
