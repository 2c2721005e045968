"""How far something may be used, and at which hours it may not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

from routing.osm.conditional import Clause, Holds, clause_holds, either_hours, hours_without
from routing.osm.vehicle import Vehicle


class Access(IntEnum):
    """Say how far a way may be used."""

    CLOSED = 0
    RESTRICTED = 1
    """For the ends of a journey only."""
    OPEN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Hold the access at the hours when there is any, and the hours when there is none."""

    level: Access
    closed_within: tuple[str, ...] = ()
    closed_outside: tuple[str, ...] = ()
    """Of several hours each one closes it."""
    unused: tuple[str, ...] = ()
    """What was mapped and could not be used, in words."""


ALWAYS = Permission(level=Access.OPEN)
NEVER = Permission(level=Access.CLOSED)


def all_of(parts: Iterable[Permission]) -> Permission:
    """Return what is left where several permissions are needed at once."""
    told = tuple(part for part in parts if part is not ALWAYS)
    if not told:
        return ALWAYS
    level = min(part.level for part in told)
    unused = tuple(word for part in told for word in part.unused)
    if level is Access.CLOSED:
        return Permission(level=level, unused=unused)
    return Permission(
        level=level,
        closed_within=tuple(hours for part in told for hours in part.closed_within),
        closed_outside=tuple(hours for part in told for hours in part.closed_outside),
        unused=unused,
    )


def settle(
    base: Access,
    clauses: Iterable[tuple[str, Clause]],
    vehicle: Vehicle,
    level_of: Callable[[str], Access],
) -> Permission:
    """Return the permission that a base value and its conditional clauses (with their keys) give together.

    A later clause beats an earlier one. A network knows hours at which a road is closed, but not hours at which it
    serves the ends of a journey only: such a road serves them only at all hours, and that is said.
    """
    hours: str | None = None  # when it is not as the base says: closed where that is open, and the other way round
    opened = Access.OPEN
    unused = []
    for key, clause in clauses:
        holds = clause_holds(clause, vehicle)
        if holds is Holds.NO:
            continue
        level = level_of(clause.value)
        is_business = holds is Holds.FOR_BUSINESS
        said = _said(key, clause)
        if holds is Holds.UNCLEAR or (is_business and (level is Access.CLOSED or (clause.hours and base))):
            unused.append(said)
        elif clause.hours is None:
            base = max(base, Access.RESTRICTED) if is_business else level
            hours = hours if is_business else None
        else:
            level = min(level, Access.RESTRICTED) if is_business else level
            differs = (level is Access.CLOSED) != (base is Access.CLOSED)
            if hours is None:
                joined = clause.hours if differs else None
            else:
                joined = (either_hours if differs else hours_without)(hours, clause.hours)
                if joined is None:
                    unused.append(said)
            hours = joined if joined is not None else hours
            if level is not Access.CLOSED:
                opened = min(opened, level)
                if base not in (Access.CLOSED, level):
                    base = Access.RESTRICTED
                    unused.append(f"{said}, taken for all hours")
    if hours is None:
        return Permission(level=base, unused=tuple(unused))
    if base is Access.CLOSED:
        return Permission(level=opened, closed_outside=(hours,), unused=tuple(unused))
    return Permission(level=base, closed_within=(hours,), unused=tuple(unused))


def _said(key: str, clause: Clause) -> str:
    conditions = " AND ".join([*clause.others, *([clause.hours] if clause.hours else [])])
    return f"{key}={clause.value} @ ({conditions})"
