"""The JSON of a dispatcher's own word.

| type | fields beside id, known_at and effective_at |
|---|---|
| stop_pinned | stop_id, vehicle_id; position?: 0 for the vehicle's next free visit |
| vehicle_forbidden | stop_id, vehicle_id |
| stop_moved | stop_id, vehicle_id; after_stop_id?: missing for the vehicle's next free visit |
| word_withdrawn | event_id of one of these |
| plan_accepted, plan_rejected | proposal_id: id of a plan_proposed |
| day_closed | none |

`?` marks what may be missing.
"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from routing.events import words
from routing.events.types import Event
from routing.interface.checked_row import IDENTIFIER
from routing.interface.event_bodies import EventBody


class _StopPinned(EventBody):
    stop_id: IDENTIFIER
    vehicle_id: IDENTIFIER
    position: Annotated[int, Field(ge=0)] | None = None

    def event(self) -> Event:
        return words.StopPinned(
            id=self.id,
            known_at_s=self.known_s,
            effective_at_s=self.effect_s,
            stop_id=self.stop_id,
            vehicle_id=self.vehicle_id,
            position=self.position,
        )


class _VehicleForbidden(EventBody):
    stop_id: IDENTIFIER
    vehicle_id: IDENTIFIER

    def event(self) -> Event:
        return words.VehicleForbidden(
            id=self.id,
            known_at_s=self.known_s,
            effective_at_s=self.effect_s,
            stop_id=self.stop_id,
            vehicle_id=self.vehicle_id,
        )


class _StopMoved(EventBody):
    stop_id: IDENTIFIER
    vehicle_id: IDENTIFIER
    after_stop_id: IDENTIFIER | None = None

    def event(self) -> Event:
        return words.StopMoved(
            id=self.id,
            known_at_s=self.known_s,
            effective_at_s=self.effect_s,
            stop_id=self.stop_id,
            vehicle_id=self.vehicle_id,
            after_stop_id=self.after_stop_id,
        )


class _WordWithdrawn(EventBody):
    event_id: IDENTIFIER

    def event(self) -> Event:
        return words.WordWithdrawn(
            id=self.id, known_at_s=self.known_s, effective_at_s=self.effect_s, event_id=self.event_id
        )


class _PlanAccepted(EventBody):
    proposal_id: IDENTIFIER

    def event(self) -> Event:
        return words.PlanAccepted(
            id=self.id, known_at_s=self.known_s, effective_at_s=self.effect_s, proposal_id=self.proposal_id
        )


class _PlanRejected(EventBody):
    proposal_id: IDENTIFIER

    def event(self) -> Event:
        return words.PlanRejected(
            id=self.id, known_at_s=self.known_s, effective_at_s=self.effect_s, proposal_id=self.proposal_id
        )


class _DayClosed(EventBody):
    def event(self) -> Event:
        return words.DayClosed(id=self.id, known_at_s=self.known_s, effective_at_s=self.effect_s)


DISPATCHER_BODIES: Final[dict[str, type[EventBody]]] = {
    "stop_pinned": _StopPinned,
    "vehicle_forbidden": _VehicleForbidden,
    "stop_moved": _StopMoved,
    "word_withdrawn": _WordWithdrawn,
    "plan_accepted": _PlanAccepted,
    "plan_rejected": _PlanRejected,
    "day_closed": _DayClosed,
}
