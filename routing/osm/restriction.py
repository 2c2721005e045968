"""Turn restrictions as OSM maps them (https://wiki.openstreetmap.org/wiki/Relation:restriction)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_DEPRECATED_TIME_KEYS = ("day_on", "day_off", "hour_on", "hour_off")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """Hold one relation of type restriction."""

    relation_id: int
    kind: str | None
    """Value of restriction=*, such as no_left_turn or only_straight_on."""
    kind_by_vehicle: tuple[tuple[str, str], ...]
    """Values of restriction:<vehicle>=*, sorted by vehicle."""
    excepted: tuple[str, ...]
    """Vehicles named by except=*, to whom `kind` does not apply."""
    conditional: str | None
    """Value that holds only at times or for some vehicles, as mapped."""
    from_way_ids: tuple[int, ...]
    via_node_ids: tuple[int, ...]
    via_way_ids: tuple[int, ...]
    to_way_ids: tuple[int, ...]


def parse_restriction(
    relation_id: int, tags: Mapping[str, str], members: Sequence[tuple[str, int, str]]
) -> Restriction:
    """Read a relation of type restriction from its tags and its (type letter, id, role) members."""
    timed = next((tags[key] for key in _DEPRECATED_TIME_KEYS if key in tags), None)
    conditional = next((value for key, value in sorted(tags.items()) if key.endswith(":conditional")), timed)
    return Restriction(
        relation_id=relation_id,
        kind=tags.get("restriction") if timed is None else None,
        kind_by_vehicle=tuple(
            (key.removeprefix("restriction:"), value)
            for key, value in sorted(tags.items())
            if key.startswith("restriction:") and not key.endswith(":conditional")
        ),
        excepted=tuple(word.strip() for word in tags.get("except", "").split(";") if word.strip()),
        conditional=conditional,
        from_way_ids=_members(members, "w", "from"),
        via_node_ids=_members(members, "n", "via"),
        via_way_ids=_members(members, "w", "via"),
        to_way_ids=_members(members, "w", "to"),
    )


def restriction_kind(restriction: Restriction, vehicle_keys: Iterable[str]) -> str | None:
    """Return the kind that binds a vehicle with these keys, the most specific first; None where none does."""
    keys = tuple(vehicle_keys)
    by_vehicle = dict(restriction.kind_by_vehicle)
    for key in keys:
        if key in by_vehicle:
            return by_vehicle[key]
    return None if set(keys) & set(restriction.excepted) else restriction.kind


def _members(members: Sequence[tuple[str, int, str]], letter: str, role: str) -> tuple[int, ...]:
    return tuple(ref for kind, ref, member_role in members if kind == letter and member_role == role)
