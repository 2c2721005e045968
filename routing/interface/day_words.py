"""Make the events of a dispatcher's own word where a command says it in short."""

from __future__ import annotations

from routing.errors import InputError, Issue
from routing.events.day import Day, Report, Word
from routing.events.published import PlanProposed
from routing.events.types import ConditionWithdrawn
from routing.events.words import DayClosed, PlanAccepted, PlanRejected, WordWithdrawn
from routing.interface.plan_day import PREFIX


def pending(day: Day, proposal_id: str | None) -> PlanProposed:
    """Return the proposal that waits; InputError where none does, or another than the named one."""
    waits = day.proposal
    if waits is None or proposal_id not in (None, waits.id, waits.id.removeprefix(PREFIX)):
        cause = "no proposal waits for a word" if waits is None else f"{proposal_id} does not wait, {waits.id} does"
        action = "Look at the day with `routing day show`." if waits is None else f"Name {waits.id}, or leave it out."
        raise InputError([Issue(code="PROPOSAL_UNKNOWN", where="proposal", cause=cause, action=action)])
    return waits


def accepting(day: Day, proposal_id: str | None, at_s: int) -> PlanAccepted:
    """Return the event that accepts the pending proposal."""
    waits = pending(day, proposal_id)
    key = f"{PREFIX}accept-{waits.id.removeprefix(PREFIX)}"
    return PlanAccepted(id=key, known_at_s=at_s, effective_at_s=at_s, proposal_id=waits.id)


def rejecting(day: Day, proposal_id: str | None, at_s: int) -> PlanRejected:
    """Return the event that rejects the pending proposal."""
    waits = pending(day, proposal_id)
    key = f"{PREFIX}reject-{waits.id.removeprefix(PREFIX)}"
    return PlanRejected(id=key, known_at_s=at_s, effective_at_s=at_s, proposal_id=waits.id)


def undoing(day: Day, event_id: str, at_s: int) -> WordWithdrawn | ConditionWithdrawn:
    """Return the event that takes back a pin, a ban, a move or a condition of the roads; InputError for any other."""
    meant = day.seen.get(event_id)
    key = f"{PREFIX}undo-{event_id}"
    if isinstance(meant, Word):
        return WordWithdrawn(id=key, known_at_s=at_s, effective_at_s=at_s, event_id=event_id)
    if isinstance(meant, Report):
        return ConditionWithdrawn(id=key, known_at_s=at_s, effective_at_s=at_s, event_id=event_id)
    cause = f"the day knows no event {event_id}"
    if meant is not None:
        cause = f"{event_id} is a {meant.TYPE.replace('_', ' ')}, which cannot be taken back"
    action = "Name a pin, a ban, a move, or a report of traffic, of a closure, of a reopening or of weather."
    raise InputError([Issue(code="NOT_UNDONE", where="event", cause=cause, action=action)])


def closing(at_s: int) -> DayClosed:
    """Return the event that ends the day."""
    return DayClosed(id=f"{PREFIX}closed", known_at_s=at_s, effective_at_s=at_s)
