"""A day under work: what the fold changes in place before it gives out a day that never changes again."""

from __future__ import annotations

from dataclasses import dataclass

from routing.events.day import Day, Report, StopState, VehicleState
from routing.events.published import PlanProposed, PlanPublished
from routing.events.seen import Seen
from routing.events.types import DayStarted, Event


@dataclass(slots=True, kw_only=True)
class Draft:
    """Hold what a `Day` holds, each field as it is told there, in mappings of its own."""

    started: DayStarted
    now_s: int
    stops: dict[str, StopState]
    vehicles: dict[str, VehicleState]
    reports: tuple[Report, ...]
    withdrawn: frozenset[str]
    plan: PlanPublished | None
    since_plan: list[Event]
    proposal: PlanProposed | None
    accepted: PlanProposed | None
    closed: bool
    seen: Seen

    @classmethod
    def of(cls, day: Day) -> Draft:
        """Return a draft that begins as a day, which it leaves as it is."""
        return cls(
            started=day.started,
            now_s=day.now_s,
            stops=dict(day.stops),
            vehicles=dict(day.vehicles),
            reports=day.reports,
            withdrawn=day.withdrawn,
            plan=day.plan,
            since_plan=list(day.since_plan),
            proposal=day.proposal,
            accepted=day.accepted,
            closed=day.closed,
            seen=day.seen,
        )

    def day(self) -> Day:
        """Return the day; nothing may be put into the draft after that."""
        return Day(
            started=self.started,
            now_s=self.now_s,
            stops=self.stops,
            vehicles=self.vehicles,
            reports=self.reports,
            withdrawn=self.withdrawn,
            plan=self.plan,
            since_plan=tuple(self.since_plan),
            proposal=self.proposal,
            accepted=self.accepted,
            closed=self.closed,
            seen=self.seen,
        )

    def put_stop(self, stop: StopState) -> None:
        """Give one stop its new state."""
        self.stops[stop.stop.id] = stop

    def put_vehicle(self, vehicle: VehicleState) -> None:
        """Give one vehicle its new state."""
        self.vehicles[vehicle.vehicle.id] = vehicle


Known = Day | Draft
"""What an event is held against."""
