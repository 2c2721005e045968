"""Compute every plan of a day again from its log, and compare each with the stored one."""

from __future__ import annotations

from collections.abc import Iterator

from routing.errors import ViolationsError
from routing.events.fold import apply, start
from routing.events.published import PlanProposed, PlanPublished
from routing.interface.day_roads import Roads
from routing.interface.plan_day import Publication, document_name, lines_of, plan_day, proposal_name
from routing.store.sqlite_log import SqliteLog


def replay_plans(log: SqliteLog) -> Iterator[Publication]:
    """Compute every plan and proposal of a log again, from the events before it, and compare it with the stored one.

    ViolationsError with the first difference.
    """
    events = log.events()
    day, before = start(events[0]), b""
    roads = Roads.of_day(day.started, log.blob)
    for event in events[1:]:
        if isinstance(event, PlanPublished | PlanProposed):
            plan = event.plan if isinstance(event, PlanProposed) else event
            found = plan_day(
                day,
                roads,
                request=plan.request,
                now_s=plan.known_at_s,
                lines=lines_of(before) if before else {},
                versions=plan.versions,
                recorded=plan,
            )
            assert found is not None  # a recorded plan is always computed
            if isinstance(event, PlanProposed):
                _compare(plan, found, log.blob(proposal_name(event.id)))
            else:
                before = log.blob(document_name(plan.version))
                _compare(plan, found, before)
            yield found
        day = apply(day, event)


def _compare(event: PlanPublished, found: Publication, stored: bytes) -> None:
    if found.document != stored:
        pairs = zip(stored.splitlines(), found.document.splitlines(), strict=False)
        number, (was, now) = next(
            ((number, pair) for number, pair in enumerate(pairs, start=1) if pair[0] != pair[1]), (0, (b"", b""))
        )
        raise ViolationsError(
            f"plan {event.version} differs from line {number} on:\n  stored:   {_clip(was)}\n  replayed: {_clip(now)}"
        )
    if found.event != event:
        names = [
            name for name in type(event).__dataclass_fields__ if getattr(found.event, name) != getattr(event, name)
        ]
        raise ViolationsError(
            f"plan {event.version} has the same document, but its event differs in {', '.join(names)}"
        )


def _clip(line: bytes) -> str:
    text = line.decode(errors="replace").strip()
    return text if len(text) <= 200 else f"{text[:200]}…"
