"""Turn restrictions as OSM maps them (https://wiki.openstreetmap.org/wiki/Relation:restriction)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from routing.osm.conditional import Holds, clause_holds, hours_without, parse_conditional
from routing.osm.vehicle import Vehicle

_DEPRECATED_TIME_KEYS = ("day_on", "day_off", "hour_on", "hour_off")
_DAYS = {
    day: day[:2].capitalize() for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
}
_KEY, _CONDITIONAL = "restriction", "conditional"
_NONE = "none"
"""Value that takes a restriction back where its condition holds."""
_ALWAYS = "24/7"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """Hold one relation of type restriction."""

    relation_id: int
    kind: str | None
    """Value of restriction=*, such as no_left_turn or only_straight_on."""
    kind_by_vehicle: tuple[tuple[str, str], ...]
    """Values of restriction:<vehicle>=*, sorted by vehicle."""
    excepted: tuple[str, ...]
    """Vehicles named by except=*, to whom neither `kind` nor what holds at times for all applies."""
    conditional_by_vehicle: tuple[tuple[str, str], ...]
    """Values that hold at times or for some vehicles only, as mapped, sorted by vehicle; "" names all vehicles."""
    from_way_ids: tuple[int, ...]
    via_node_ids: tuple[int, ...]
    via_way_ids: tuple[int, ...]
    to_way_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRule:
    """Hold a kind of restriction that binds a vehicle; `hours` None means always."""

    kind: str
    hours: str | None


def parse_restriction(
    relation_id: int, tags: Mapping[str, str], members: Sequence[tuple[str, int, str]]
) -> Restriction:
    """Read a relation of type restriction from its tags and its (type letter, id, role) members."""
    plain: dict[str, str] = {}
    conditional: dict[str, str] = {}
    for key, value in tags.items():
        name, *rest = key.split(":")
        if name == _KEY and len(rest) <= 2 and rest[1:] in ([], [_CONDITIONAL]):
            at_times = rest[-1:] == [_CONDITIONAL]
            (conditional if at_times else plain)["".join(rest[: len(rest) - at_times])] = value
    if any(key in tags for key in _DEPRECATED_TIME_KEYS) and "" in plain:
        conditional.setdefault("", f"{plain['']} @ ({_deprecated_hours(tags)})")
        del plain[""]
    return Restriction(
        relation_id=relation_id,
        kind=plain.pop("", None),
        kind_by_vehicle=tuple(sorted(plain.items())),
        excepted=tuple(word.strip() for word in tags.get("except", "").split(";") if word.strip()),
        conditional_by_vehicle=tuple(sorted(conditional.items())),
        from_way_ids=_members(members, "w", "from"),
        via_node_ids=_members(members, "n", "via"),
        via_way_ids=_members(members, "w", "via"),
        to_way_ids=_members(members, "w", "to"),
    )


def restriction_kind(restriction: Restriction, vehicle_keys: Iterable[str]) -> str | None:
    """Return the kind that always binds a vehicle with these keys, the most specific first; None where none does."""
    keys = tuple(vehicle_keys)
    by_vehicle = dict(restriction.kind_by_vehicle)
    for key in keys:
        if key in by_vehicle:
            return by_vehicle[key]
    return restriction.kind if _binds_all(restriction, keys) else None


def turn_rules(restriction: Restriction, vehicle: Vehicle) -> tuple[tuple[TurnRule, ...], bool]:
    """Return what binds a vehicle, and whether every condition was understood.

    Of several clauses the last that holds counts (https://wiki.openstreetmap.org/wiki/Conditional_restrictions), so
    what a clause puts in place of the kind before ends that kind for its hours.
    """
    always: str | None = restriction_kind(restriction, vehicle.own_keys)
    hours: str | None = _ALWAYS
    timed: list[TurnRule] = []
    understood = True
    for clause in parse_conditional(_conditional(restriction, vehicle.own_keys)):
        holds = clause_holds(clause, vehicle)
        if holds in (Holds.UNCLEAR, Holds.FOR_BUSINESS) or not clause.value:
            understood = False
        elif holds is Holds.YES and clause.hours is None:
            always, hours, timed = (None if clause.value == _NONE else clause.value), _ALWAYS, []
        elif holds is Holds.YES and clause.hours is not None:
            if clause.value != always and hours is not None:
                hours = hours_without(hours, clause.hours)
            if clause.value != _NONE:
                timed.append(TurnRule(kind=clause.value, hours=clause.hours))
    if always is not None and hours is None:
        return (TurnRule(kind=always, hours=None),), False
    if always is not None:
        timed.insert(0, TurnRule(kind=always, hours=None if hours == _ALWAYS else hours))
    return tuple(timed), understood


def _conditional(restriction: Restriction, keys: Sequence[str]) -> str:
    by_vehicle = dict(restriction.conditional_by_vehicle)
    for key in keys:
        if key in by_vehicle:
            return by_vehicle[key]
    return by_vehicle.get("", "") if _binds_all(restriction, keys) else ""


def _binds_all(restriction: Restriction, keys: Sequence[str]) -> bool:
    """Return whether a restriction that names no vehicle binds one with these keys; walkers are never bound."""
    return "vehicle" in keys and not set(keys) & set(restriction.excepted)


def _deprecated_hours(tags: Mapping[str, str]) -> str:
    """Return the times of day_on, day_off, hour_on and hour_off in the words of opening hours, as far as they go."""
    days = [_DAYS.get(tags[key].strip().lower(), tags[key]) for key in ("day_on", "day_off") if key in tags]
    hours = [tags[key].strip() for key in ("hour_on", "hour_off") if key in tags]
    return " ".join("-".join(pair) for pair in (days, hours) if pair)


def _members(members: Sequence[tuple[str, int, str]], letter: str, role: str) -> tuple[int, ...]:
    return tuple(ref for kind, ref, member_role in members if kind == letter and member_role == role)
