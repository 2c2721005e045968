"""What changed between the plan before and a new one, and what the day looks like under either."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Sequence

from routing.events.day import SERVED, Day
from routing.events.published import Change, Figures, PlanPublished, PublishedRoute, Transfer
from routing.events.types import DayStarted, Event
from routing.plan.model import Plan
from routing.replan.remaining import Remaining
from routing.replan.trail import lateness_s
from routing.units import format_duration

_NAMED = 6
"""So many events are named in a reason, the others counted."""
_KINDS = {
    "vehicle": "to another vehicle",
    "order": "to another place in the order",
    "added": "added",
    "reopened": "taken for served before and still to serve",
    "dropped": "taken off",
}
_Place = tuple[str, int, int]
"""Vehicle, place in its order, start of service."""


def changes(
    before: Sequence[PublishedRoute], after: Plan, *, open_ids: Sequence[str], shift_s: int
) -> tuple[Change, ...]:
    """Return what a new plan does otherwise for each open stop; new times count from `shift_s` on."""
    was, now = _places(before), _plan_places(after)
    assumed = {visit.stop_id for route in before for visit in route.assumed}
    steady = _steady(was, now)
    found = []
    for stop_id in open_ids:
        old, new = was.get(stop_id), now.get(stop_id)
        if old is None and new is None:
            continue
        moved_s = new[2] - old[2] if old and new else 0
        kind = None
        if old is None:
            kind = "reopened" if stop_id in assumed else "added"
        elif new is None:
            kind = "dropped"
        elif old[0] != new[0]:
            kind = "vehicle"
        elif stop_id not in steady:
            kind = "order"
        elif abs(moved_s) >= shift_s:
            kind = "time"
        if kind is not None:
            found.append(
                Change(
                    stop_id=stop_id,
                    kind=kind,
                    from_vehicle=old[0] if old else None,
                    to_vehicle=new[0] if new else None,
                    shift_s=moved_s,
                )
            )
    return tuple(found)


def orders_of(plan: PlanPublished) -> dict[str, tuple[str, ...]]:
    """Return the stop ids that remain for each vehicle that a plan uses, in order."""
    return {route.vehicle_id: tuple(visit.stop_id for visit in route.visits) for route in plan.routes if route.visits}


def figures(day: Day, rest: Remaining, plan: Plan) -> Figures:
    """Return the day's figures under a plan: reported and assumed visits as they were, the others as planned.

    Visits are those of customers; a transfer is none.
    """
    transfers = {transfer.id for transfer in rest.transfers}
    transfers |= {stop_id for stop_id, state in day.stops.items() if state.transfer is not None}
    visits = [visit for route in plan.routes for visit in route.visits]
    visits += [visit for each in rest.progress.values() for visit in each.assumed]
    late = [visit.lateness_s for visit in visits if visit.stop_id not in transfers]
    for stop in day.in_state(SERVED):
        if stop.ended_s is not None:
            stay_s = stop.stop.stay_s(day.type_of(stop.vehicle_id))
            begun_s = stop.started_s if stop.started_s is not None else stop.ended_s - stay_s
            late.append(lateness_s(stop.stop, begun_s))
    return Figures(
        on_time=sum(seconds == 0 for seconds in late),
        late=sum(seconds > 0 for seconds in late),
        lateness_s=sum(late),
        unassigned=len(plan.unassigned),
        drive_s=sum(leg.duration_s for route in plan.routes for leg in route.legs),
        # What changes and promises are worth is weighed, not spent.
        cost_cents=plan.cost.total_cents - plan.cost.preference_cents,
    )


def reason_in_words(
    day: Day,
    base: PlanPublished | None,
    before: Figures,
    after: Figures,
    found: Sequence[Change],
    *,
    adopted: bool,
    transfers: Collection[Transfer] = (),
) -> str:
    """Return why a plan is published: what happened, what it would have done, and what the plan does about it."""
    if day.accepted is not None and adopted:
        opening = f"The dispatcher accepted {day.accepted.id}: "
        return f"{opening}{_in_words(found, transfers)}.{_effect(before, after)}"
    if base is None:
        return f"The first plan of the day: {after.on_time + after.late} stops served, {after.unassigned} unassigned."
    news = [event for event in day.since_plan if not isinstance(event, (DayStarted, PlanPublished))]
    happened = ", ".join(event_words(event) for event in news[:_NAMED])
    if len(news) > _NAMED:
        happened += f" and {len(news) - _NAMED} more events"
    opening = f"After {happened}: " if news else "Asked for without news: "
    if not adopted:
        shifts_s = [change.shift_s for change in found if change.kind == "time"]
        return f"{opening}the orders stay{', ' + _times(shifts_s) if shifts_s else ''}.{_effect(before, after)}"
    return f"{opening}{_in_words(found, transfers)}.{_effect(before, after)}"


def _in_words(found: Sequence[Change], transfers: Collection[Transfer]) -> str:
    ids = {transfer.id for transfer in transfers}
    count = Counter(change.kind for change in found if change.stop_id not in ids)
    words = [f"{count[kind]} {text}" for kind, text in _KINDS.items() if count[kind]]
    new = [transfer for transfer in transfers if any(each.stop_id == transfer.id for each in found)]
    words += [f"{each.to_vehicle} takes over from {each.from_vehicle}" for each in new if each.from_vehicle is not None]
    words += [f"{each.to_vehicle} loads at the depot" for each in new if each.from_vehicle is None]
    return ", ".join(words) or "new orders"


def _effect(before: Figures, after: Figures) -> str:
    """Return what a plan does about lateness and unassigned stops, from the old orders to the new ones."""
    parts = []
    if before.late or after.late:
        lateness = _step(format_duration(before.lateness_s), format_duration(after.lateness_s))
        parts.append(f"Late: {_step(before.late, after.late)} ({lateness}).")
    if before.unassigned or after.unassigned:
        parts.append(f"Unassigned: {_step(before.unassigned, after.unassigned)}.")
    return "".join(f" {part}" for part in parts)


def _step(before: int | str, after: int | str) -> str:
    return str(after) if before == after else f"{before} → {after}"


def steady_order(before: Sequence[str], after: Sequence[str]) -> frozenset[str]:
    """Return a largest set of stops that follow each other in both orders alike (patience sorting)."""
    at = {stop_id: number for number, stop_id in enumerate(before)}
    tails: list[int] = []
    tail_ids: list[str] = []
    parent: dict[str, str | None] = {}
    for stop_id in after:
        if stop_id not in at:
            continue
        length = bisect_left(tails, at[stop_id])
        parent[stop_id] = tail_ids[length - 1] if length else None
        tails[length : length + 1] = [at[stop_id]]
        tail_ids[length : length + 1] = [stop_id]
    found = set()
    last = tail_ids[-1] if tail_ids else None
    while last is not None:
        found.add(last)
        last = parent[last]
    return frozenset(found)


def _steady(was: dict[str, _Place], now: dict[str, _Place]) -> frozenset[str]:
    both = [stop_id for stop_id in now if stop_id in was and was[stop_id][0] == now[stop_id][0]]
    steady: set[str] = set()
    for vehicle_id in {now[stop_id][0] for stop_id in both}:
        mine = [stop_id for stop_id in both if now[stop_id][0] == vehicle_id]
        steady |= steady_order(sorted(mine, key=lambda stop_id: was[stop_id][1]), mine)
    return frozenset(steady)


def _places(routes: Sequence[PublishedRoute]) -> dict[str, _Place]:
    return {
        visit.stop_id: (route.vehicle_id, number, visit.start_s)
        for route in routes
        for number, visit in enumerate(route.visits)
    }


def _plan_places(plan: Plan) -> dict[str, _Place]:
    return {
        visit.stop_id: (route.vehicle_id, number, visit.start_s)
        for route in plan.routes
        for number, visit in enumerate(route.visits)
    }


def _times(shifts_s: Sequence[int]) -> str:
    most_s = max(shifts_s, key=abs)
    direction = "later" if most_s > 0 else "earlier"
    times = "1 new arrival time" if len(shifts_s) == 1 else f"{len(shifts_s)} new arrival times"
    return f"{times}, up to {format_duration(abs(most_s))} {direction}"


def event_words(event: Event) -> str:
    """Return what an event is, its id and what it is about."""
    subject = getattr(event, "stop_id", None) or getattr(event, "vehicle_id", None)
    if subject is None and hasattr(event, "stop"):
        subject = event.stop.id
    return f"{event.TYPE.replace('_', ' ')} {event.id}" + (f" ({subject})" if subject else "")
