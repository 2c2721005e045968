"""Close the loop of a day: what happens is appended, the plan is weighed again, what changes is published.

```
append → fold → metric → remaining problem → assess → re-plan if it pays → verify → compare → publish
```

Everything after the log is a pure function of it (see `plan_day`); the dispatcher only reads, appends and remembers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from routing.errors import ConflictError, InputError, Issue
from routing.events.asked import DayStop
from routing.events.carry_over import carried_over
from routing.events.contradictions import contradictions
from routing.events.day import Day
from routing.events.fold import apply, replay, start
from routing.events.oddities import warnings
from routing.events.published import PlanProposed, PlanPublished
from routing.events.types import DayStarted, Event, VehicleLocated, VehicleOutOfService
from routing.export.document import installed_versions
from routing.interface.coordinates import is_near
from routing.interface.day_questions import Answer, answer, quote_stop
from routing.interface.day_roads import Roads
from routing.interface.day_words import closing
from routing.interface.event_bodies import EventContext
from routing.interface.forked_log import DayLog, ForkedLog
from routing.interface.plan_day import (
    EVENT,
    REPLAN,
    RETIME,
    START,
    Budget,
    Publication,
    document_name,
    lines_of,
    plan_day,
    proposal_name,
    proposal_of,
)
from routing.interface.traffic import Traffic
from routing.interface.unknown_ways import unknown_ways
from routing.network.road_network import RoadNetwork
from routing.problem.model import TimeWindow
from routing.replan.compare import orders_of
from routing.replan.progress import Lines
from routing.replan.quote import Quote
from routing.replan.replan import Decider, decide
from routing.travel.apply import check_conditions, matches
from routing.units import format_instant

AFTERMATH_S = 12 * 3600
"""How long after the last shift's end news of the day may come: the date of the next day is a slip of the pen."""
ATTEMPTS = 3
"""How often an append is tried again after somebody else was quicker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Tell what some events led to."""

    accepted: tuple[str, ...] = ()
    """Ids of the events that are new to the log."""
    known: tuple[str, ...] = ()
    """Ids that the log had already; they count once."""
    warnings: tuple[str, ...] = ()
    plans: tuple[PlanPublished, ...] = ()
    """What was published, in order; none where the current plan stands."""
    proposals: tuple[PlanProposed, ...] = ()
    """What waits, or waited, for the dispatcher's word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Hold a day as its log tells it, up to the event of a number."""

    day: Day
    seq: int
    roads: Roads | None = None
    """None: read from beside the log when first asked for."""


class Dispatcher:
    """Run one day over its log."""

    def __init__(
        self, log: DayLog, *, budget: Budget | None = None, opened: Opened | None = None, decider: Decider = decide
    ) -> None:
        """Take the log, a budget for each search, the day where it has been read already, and who decides."""
        self._log = log
        self._budget = budget or Budget()
        self._decider = decider
        if opened is None:
            events = log.events()
            opened = Opened(day=replay(events), seq=len(events))
        self._day, self._seq, self._roads = opened.day, opened.seq, opened.roads
        self._lines: tuple[int, Lines] = 0, {}
        """Of the plan's version."""

    @property
    def day(self) -> Day:
        """Return the day as the log tells it."""
        return self._day

    @property
    def default_now_s(self) -> int:
        """Return the instant to plan for where none is given: the last event, before any the first shift's start."""
        events = self._day.seen.values()
        if any(not isinstance(event, (DayStarted, PlanPublished)) for event in events):
            return self._day.now_s
        return max(self._day.now_s, first_shift_s(self._day))

    def context(self) -> EventContext:
        """Return what events of this day are read with."""
        started = self._day.started
        return EventContext(
            day=date.fromisoformat(started.date),
            time_zone=started.time_zone,
            shifts=tuple(state.vehicle.shift for state in self._day.vehicles.values()),
            bbox_deg=self.roads().network.bbox_deg,
            weathers=self.roads().weather.conditions,
            profiles=(started.vehicles[0].profile,),
        )

    def roads(self) -> Roads:
        """Return the day's roads, read from beside the log when first asked for."""
        if self._roads is None:
            self._roads = Roads.of_day(self._day.started, self._log.blob)
        return self._roads

    def post(
        self, events: Sequence[Event], *, replan: bool = True, proposes: bool | None = None, now_s: int | None = None
    ) -> Outcome:
        """Append events and publish what they change, or with `proposes` (None: as the day's options say) propose it.

        Those known at the same moment are weighed together, at that moment; with `now_s` all of them at that instant.
        InputError with every event that contradicts the day, before any is appended.
        """
        said, known = self._check(events), tuple(event.id for event in events if event.id in self._day.seen)
        fresh = tuple(dict.fromkeys(event for event in events if event.id not in self._day.seen))
        if now_s is not None:
            self._checked_now(now_s, fresh)
        answers: list[PlanPublished | PlanProposed] = []
        groups = [fresh]
        if fresh and now_s is None:
            groups = [tuple(group) for _, group in groupby(fresh, key=lambda event: event.known_at_s)]
        for together in groups:
            self._append_new(together)
            # Also without news: an earlier command may have been cut short between its append and its plan.
            if self._day.since_plan or self._day.accepted is not None:
                at_s = self._day.now_s if now_s is None else now_s
                answers += self._answer(EVENT if replan else RETIME, at_s, proposes=proposes)
        return _outcome(answers, accepted=tuple(event.id for event in fresh), known=known, warnings=said)

    def replan(self, *, proposes: bool | None = None, now_s: int | None = None) -> Outcome:
        """Search for a better plan in any case, and publish what changes, or propose it."""
        at_s = self.default_now_s if now_s is None else self._checked_now(now_s)
        return _outcome(self._answer(REPLAN, at_s, proposes=proposes))

    def close(self, *, now_s: int | None = None) -> tuple[DayStop, ...]:
        """End the day, once, and return the stops that go over to the next one."""
        if not self._day.closed:
            at_s = self.default_now_s if now_s is None else self._checked_now(now_s)
            self._append_new((closing(at_s),))
        return carried_over(self._day)

    def what_if(self, events: Sequence[Event], *, now_s: int | None = None) -> Outcome:
        """Return what events would lead to, as `post` would publish it; nothing is written, the day stays as it is.

        InputError with every event that contradicts the day.
        """
        opened = Opened(day=self._day, seq=self._seq, roads=self.roads())
        fork = Dispatcher(ForkedLog(self._log, self._seq), budget=self._budget, opened=opened)
        return fork.post(events, now_s=now_s)

    def quote(self, stop: DayStop, windows: Sequence[TimeWindow] = (), *, now_s: int | None = None) -> Quote:
        """Return which windows (none: each hour) can still take a new stop today; nothing is written."""
        at_s = self.default_now_s if now_s is None else self._checked_now(now_s)
        return quote_stop(self._day, self.roads(), stop, windows, now_s=at_s, lines=self.lines())

    def why(self, stop_id: str, *, now_s: int | None = None) -> Answer:
        """Return where a stop stands, how sure that is, and why it is late or unassigned if it is."""
        at_s = self.default_now_s if now_s is None else self._checked_now(now_s)
        return answer(self._day, self.roads(), stop_id, now_s=at_s, lines=self.lines())

    def _check(self, events: Sequence[Event]) -> tuple[str, ...]:
        """Return what is odd about events; InputError with all that cannot be, folding them one after the other."""
        issues: list[Issue] = []
        said: list[str] = []
        day = self._day
        for event in events:
            faults = (*contradictions(day, event), *self._of_another_day(event))
            issues += faults
            if not faults:
                said += (*warnings(day, event), *self._off_the_map(event))
                day = apply(day, event)
        fresh = [condition for condition in day.conditions() if condition.id not in self._day.seen]
        nowhere = matches(self.roads().network, fresh, places=self.roads().places) if fresh else ()
        nameless = [day.seen[match.condition_id] for match in nowhere if match.arcs == 0]
        issues += unknown_ways(nameless)
        if issues:
            raise InputError(issues)
        check_conditions(fresh, self.roads().weather)
        said += [f"event {event.id} ({event.TYPE}) names no road of this map and changes nothing" for event in nameless]
        return tuple(said)

    def _off_the_map(self, event: Event) -> Iterator[str]:
        if isinstance(event, (VehicleLocated, VehicleOutOfService)) and event.location is not None:
            at = event.location
            if not is_near(at.lat_deg, at.lon_deg, self.roads().network.bbox_deg):
                yield (
                    f"event {event.id} ({event.TYPE}): {at.lat_deg}, {at.lon_deg} lies beyond the map; "
                    f"{event.vehicle_id} is taken to be where it was before"
                )

    def _of_another_day(self, event: Event) -> Iterator[Issue]:
        """Refuse what the log could never get behind: every later plan would be made for that instant."""
        last_s = last_instant_s(self._day)
        if event.known_at_s > last_s:
            zone = self._day.started.time_zone
            known, last = format_instant(event.known_at_s, zone), format_instant(last_s, zone)
            yield Issue(
                code="EVENT_OTHER_DAY",
                where=f"event {event.id} ({event.TYPE})",
                cause=f"it is said to be known at {known}, but nothing of this day comes after {last}",
                action="Correct known_at.",
            )

    def _append_new(self, events: tuple[Event, ...]) -> None:
        for attempt in range(ATTEMPTS):
            fresh = tuple(event for event in events if event.id not in self._day.seen)
            if not fresh:
                return
            try:
                self._seq = self._log.append(fresh, expected_seq=self._seq)
            except ConflictError:
                if attempt + 1 == ATTEMPTS:
                    raise
                self._catch_up()
                self._check(fresh)
                continue
            self._day = fold(self._day, fresh)
            return

    def _answer(self, request: str, now_s: int, *, proposes: bool | None) -> tuple[PlanPublished | PlanProposed, ...]:
        """Append what is to be said at an instant: a plan, or a proposal with a plan that only gives new times."""
        if self._day.closed:
            return ()
        for attempt in range(ATTEMPTS):
            found = self._planned(self._day, request, now_s)
            if found is None:
                return ()
            said: list[PlanPublished | PlanProposed] = []
            blobs, day = {}, self._day
            if _is_proposed(day, found.event, proposes=proposes):
                if day.proposal is None or orders_of(day.proposal.plan) != orders_of(found.event):
                    proposal = proposal_of(day, found)
                    said.append(proposal)
                    blobs[proposal_name(proposal.id)] = found.document
                    day = apply(day, proposal)
                found = self._planned(day, RETIME, now_s)
            if found is not None:
                said.append(found.event)
                blobs[document_name(found.event.version)] = found.document
            try:
                self._seq = self._log.append(said, expected_seq=self._seq, blobs=blobs)
            except ConflictError:
                if attempt + 1 == ATTEMPTS:
                    raise
                self._catch_up()
                now_s = max(now_s, self._day.now_s)
                continue
            self._day = fold(self._day, said)
            if found is not None:
                self._lines = found.event.version, found.lines
            return tuple(said)
        return ()

    def _planned(self, day: Day, request: str, now_s: int) -> Publication | None:
        return plan_day(
            day,
            self.roads(),
            request=request,
            now_s=now_s,
            lines=self.lines(),
            versions=installed_versions(),
            budget=self._budget,
            decider=self._decider,
        )

    def lines(self) -> Lines:
        """Return the lines of the current plan's legs."""
        plan = self._day.plan
        if plan is not None and plan.version != self._lines[0]:
            self._lines = plan.version, lines_of(self._log.blob(document_name(plan.version)))
        return {} if plan is None else self._lines[1]

    def _catch_up(self) -> None:
        """Read what somebody else has appended."""
        newer = self._log.events(after=self._seq)
        self._day = fold(self._day, newer)
        self._seq += len(newer)

    def _checked_now(self, now_s: int, events: Sequence[Event] = ()) -> int:
        zone = self._day.started.time_zone
        first_s = max((self._day.now_s, *(event.known_at_s for event in events)))
        last_s = last_instant_s(self._day)
        if first_s <= now_s <= max(first_s, last_s):
            return now_s
        code, cause = "NOW_PAST", f"is past: the day has come to {format_instant(first_s, zone)}"
        if now_s > last_s:
            code, cause = (
                "NOW_OTHER_DAY",
                f"is another day: nothing of this one comes after {format_instant(last_s, zone)}",
            )
        action = "Leave --now out, or correct it."
        raise InputError(
            [Issue(code=code, where="--now", cause=f"{format_instant(now_s, zone)} {cause}", action=action)]
        )


def _outcome(
    answers: Iterable[PlanPublished | PlanProposed],
    *,
    accepted: tuple[str, ...] = (),
    known: tuple[str, ...] = (),
    warnings: tuple[str, ...] = (),
) -> Outcome:
    said = tuple(answers)
    return Outcome(
        accepted=accepted,
        known=known,
        warnings=warnings,
        plans=tuple(each for each in said if isinstance(each, PlanPublished)),
        proposals=tuple(each for each in said if isinstance(each, PlanProposed)),
    )


def _is_proposed(day: Day, plan: PlanPublished, *, proposes: bool | None) -> bool:
    """Tell whether a plan waits for the dispatcher's word: one that changes more than times, where that is wished."""
    wished = day.started.replan.proposes if proposes is None else proposes
    return wished and plan.adopted and day.accepted is None and any(each.kind != "time" for each in plan.changes)


def first_plan(
    started: DayStarted, network: RoadNetwork, traffic: Traffic, budget: Budget | None = None
) -> tuple[Event, Publication]:
    """Return the event that begins a day and its first plan."""
    day = start(started)
    found = plan_day(
        day,
        Roads(network, started, traffic),
        request=START,
        now_s=day.now_s,
        lines={},
        versions=installed_versions(),
        budget=budget,
    )
    assert found is not None  # the first plan is always published
    return started, found


def fold(day: Day, events: Iterable[Event]) -> Day:
    """Return the day after more events."""
    for event in events:
        day = apply(day, event)
    return day


def last_instant_s(day: Day) -> int:
    """Return the instant after which nothing is taken to belong to the day any more."""
    return last_shift_s(day) + AFTERMATH_S


def first_shift_s(day: Day) -> int:
    """Return the instant at which the first vehicle may leave."""
    return min(state.vehicle.shift.start_s for state in day.vehicles.values())


def last_shift_s(day: Day) -> int:
    """Return the instant at which the last shift ends."""
    return max(state.vehicle.shift.end_s for state in day.vehicles.values())
