"""A dispatcher's own word: events like any other, so they are kept, replayed and taken back like any other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from routing.events.occurrence import Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPinned(Occurrence):
    """Bind a stop to a vehicle and, if given, to a place in what remains of its route."""

    TYPE: ClassVar[str] = "stop_pinned"

    stop_id: str
    vehicle_id: str
    position: int | None = None
    """0 for the vehicle's next free visit, counted on from there; None: any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleForbidden(Occurrence):
    """Forbid a vehicle at a stop."""

    TYPE: ClassVar[str] = "vehicle_forbidden"

    stop_id: str
    vehicle_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StopMoved(Occurrence):
    """Move a stop by hand: to a vehicle, right after another stop of it or, with None, to its next free visit.

    The new plan begins from there; the stop stays with the vehicle, and after that stop as long as it is open.
    """

    TYPE: ClassVar[str] = "stop_moved"

    stop_id: str
    vehicle_id: str
    after_stop_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WordWithdrawn(Occurrence):
    """Undo a pin, a ban or a move."""

    TYPE: ClassVar[str] = "word_withdrawn"

    event_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAccepted(Occurrence):
    """Accept a proposed plan: the next one has its orders."""

    TYPE: ClassVar[str] = "plan_accepted"

    proposal_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRejected(Occurrence):
    """Refuse a proposed plan; the current one stands, and the next news is weighed again."""

    TYPE: ClassVar[str] = "plan_rejected"

    proposal_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayClosed(Occurrence):
    """End the day: nothing is planned any more, and what is open, failed or unassigned goes over to the next one."""

    TYPE: ClassVar[str] = "day_closed"
