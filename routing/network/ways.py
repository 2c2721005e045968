"""What each way of an extract means to a profile."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from routing.network.profile import Profile
from routing.network.road_network import CLOSED_OUTSIDE, CLOSED_WITHIN, SPEED_WITHIN
from routing.osm.access import way_access
from routing.osm.extract import Extract
from routing.osm.ferry import parse_duration_s
from routing.osm.frontage import FRONTAGE_KEYS, Frontage, way_frontage
from routing.osm.highway import FERRY, ROAD_CLASSES, class_index, way_highway
from routing.osm.limits import LIMIT_KEYS, size_permission
from routing.osm.oneway import oneway_permission
from routing.osm.permission import NEVER, Access, Permission, all_of
from routing.osm.speed import limit_kph, timed_limits, unclear_limits
from routing.osm.surface import GROUND_KEYS, ground_kph
from routing.osm.vehicle import Vehicle
from routing.units import great_circle_m

_NAME_KEYS = ("name", "ref")
_TOLD_ROOTS = frozenset(
    {
        *("highway", "junction", "oneway", "service", "area", "impassable", "status", "motorroad", "hov", "bridge"),
        *("construction", "proposed", "toll", "maxspeed"),
        *FRONTAGE_KEYS,
        *GROUND_KEYS,
        *LIMIT_KEYS,
    }
)
"""First words of keys that say something about driving, beside the access keys; ways that agree in them are judged
once."""
_DIRECTED = re.compile(r":(?:forward|backward)\b")
_MOVABLE_BRIDGE_KPH = 5.0
"""`bridge_speeds` of OSRM's car profile."""
_RIDDEN = ("yes", "designated", "permissive")
_DIRECTIONS = ("forward", "backward")

_Rule = tuple[str, int, float]
"""Hours, effect and speed in km/h of a timed rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meaning:
    """Hold what a set of tags means; pairs are forward and backward."""

    road_class: int
    access: tuple[Access, Access]
    speed_kph: tuple[float, float]
    rules: tuple[tuple[_Rule, ...], tuple[_Rule, ...]]
    unused: tuple[str, ...]
    duration_s: float | None
    frontage: Frontage


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedWay:
    """Hold what is different on some ways at some hours."""

    hours: str
    """In the words of https://wiki.openstreetmap.org/wiki/Key:opening_hours."""
    effect: int
    """CLOSED_WITHIN, CLOSED_OUTSIDE or SPEED_WITHIN of `road_network`."""
    speed_kph: float
    """Driven speed under SPEED_WITHIN, else 0."""
    rows: NDArray[np.int64]
    """Ways that it binds, as rows of the extract, increasing."""
    forward: bool
    backward: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WayMeaning:
    """Hold for w ways how they may be driven; column 0 is forward, 1 backward."""

    road_class: NDArray[np.uint8]
    access: NDArray[np.uint8]
    """Values of `Access`, w x 2."""
    speed_kph: NDArray[np.float64]
    """w x 2."""
    name: NDArray[np.int32]
    """Index into `names`, w."""
    names: tuple[str, ...]
    frontage: NDArray[np.uint8]
    """Values of `Frontage`, w."""
    timed: tuple[TimedWay, ...] = ()
    """Rules that hold at some hours; of ways that are closed but for some hours the access stands for those hours."""
    ignored: tuple[str, ...] = ()
    """One line per kind of tag that could not be used, with its count."""


def read_ways(extract: Extract, profile: Profile) -> WayMeaning:
    """Judge every way of an extract by its tags."""
    judge = _Judge.of(profile)
    roots = _TOLD_ROOTS | {*profile.access_keys, *(["cycleway"] if "bicycle" in profile.access_keys else [])}
    wanted: dict[str, bool] = {"source:maxspeed": True}
    judged: dict[tuple[tuple[str, str], ...], _Meaning] = {}
    meanings: list[_Meaning] = []
    for tags in extract.way_tags:
        for key in tags:
            if key not in wanted:
                wanted[key] = key.partition(":")[0] in roots
        told = tuple(tags.items() if "route" in tags else [item for item in tags.items() if wanted[item[0]]])
        meaning = judged.get(told)
        if meaning is None:
            meaning = judged[told] = judge.meaning(dict(told))
        meanings.append(meaning)
    way_names = [next((tags[key] for key in _NAME_KEYS if key in tags), "") for tags in extract.way_tags]
    names = sorted(set(way_names))
    number = {name: index for index, name in enumerate(names)}
    speed_kph = np.array([meaning.speed_kph for meaning in meanings], dtype=np.float64)
    _time_ferries(extract, meanings, speed_kph)
    return WayMeaning(
        road_class=np.array([meaning.road_class for meaning in meanings], dtype=np.uint8),
        access=np.array([meaning.access for meaning in meanings], dtype=np.uint8),
        speed_kph=speed_kph,
        name=np.array([number[name] for name in way_names], dtype=np.int32),
        names=tuple(names),
        frontage=np.array([meaning.frontage for meaning in meanings], dtype=np.uint8),
        timed=_timed(meanings),
        ignored=_ignored(meanings),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judge:
    """Judge sets of tags for one profile."""

    profile: Profile
    vehicle: Vehicle
    caps_kph: Mapping[str, Mapping[str, float]]

    @classmethod
    def of(cls, profile: Profile) -> _Judge:
        tables = (profile.surface_kph, profile.tracktype_kph, profile.smoothness_kph)
        caps_kph = dict(zip(GROUND_KEYS, map(dict, tables), strict=True))
        return cls(profile=profile, vehicle=profile.vehicle, caps_kph=caps_kph)

    def meaning(self, tags: Mapping[str, str]) -> _Meaning:
        """Return what tags mean in both directions."""
        highway = way_highway(tags)
        road_class = class_index(highway)
        class_kph = self._class_kph(tags, road_class)
        directions = _DIRECTIONS if _DIRECTED.search(" ".join(tags)) else _DIRECTIONS[:1]  # else both are alike
        allowed = [self._permission(tags, direction) for direction in directions] * (3 - len(directions))
        speeds = [self._speed(tags, class_kph, direction) for direction in directions] * (3 - len(directions))
        permissions = [
            all_of([permission, oneway_permission(tags, self.vehicle, direction)])
            for permission, direction in zip(allowed, _DIRECTIONS, strict=True)
        ]
        is_open = [permission.level is not Access.CLOSED for permission in permissions]
        unused = [word for permission in permissions for word in permission.unused]
        if any(is_open) and self.profile.drives_at_limit:
            unused += [word for _, _, words in speeds for word in words]
            unused += unclear_limits(tags)
        duration_s = parse_duration_s(tags["duration"]) if highway == FERRY and "duration" in tags else None
        if any(is_open) and duration_s is None and "duration" in tags:
            unused.append(f"duration={tags['duration']}")
        rules = [
            (*_closing_rules(permission), *((hours, SPEED_WITHIN, kph) for hours, kph in timed)) if opened else ()
            for permission, opened, (_, timed, _) in zip(permissions, is_open, speeds, strict=True)
        ]
        return _Meaning(
            road_class=road_class,
            access=(permissions[0].level, permissions[1].level),
            speed_kph=(speeds[0][0], speeds[1][0]),
            rules=(rules[0], rules[1]),
            unused=tuple(dict.fromkeys(unused)),
            duration_s=duration_s,
            frontage=way_frontage(tags, self.profile.access_keys),
        )

    def _class_kph(self, tags: Mapping[str, str], road_class: int) -> float:
        """Return the speed where no limit is mapped.

        Who must dismount (https://wiki.openstreetmap.org/wiki/Tag:bicycle%3Ddismount) walks as in a pedestrian street;
        a footway on which bicycles may ride is ridden like a cycleway, as in OSRM's bicycle profile (`speed_handler`).
        """
        if tags.get("bridge") == "movable" and self.vehicle.is_motor:
            return _MOVABLE_BRIDGE_KPH
        bicycle = tags.get("bicycle") if "bicycle" in self.profile.access_keys else None
        if bicycle == "dismount":
            road_class = class_index("pedestrian")
        elif bicycle in _RIDDEN and ROAD_CLASSES[road_class] in ("footway", "pedestrian"):
            road_class = class_index("cycleway")
        return self.profile.class_speed_kph[road_class][1]

    def _permission(self, tags: Mapping[str, str], direction: str) -> Permission:
        """Return how far a way may be used, whether or not it is one-way."""
        allowed = way_access(tags, self.vehicle, direction)
        if allowed is NEVER:
            return allowed
        is_limited = any(key.partition(":")[0] in LIMIT_KEYS for key in tags)
        found = all_of([allowed, size_permission(tags, self.vehicle, direction)]) if is_limited else allowed
        if found.level is not Access.RESTRICTED or self.profile.restricted_use == "ends":
            return found
        return NEVER if self.profile.restricted_use == "never" else replace(found, level=Access.OPEN)

    def _speed(
        self, tags: Mapping[str, str], class_kph: float, direction: str
    ) -> tuple[float, tuple[tuple[str, float], ...], tuple[str, ...]]:
        """Return the driven speed in km/h, speeds at hours, and what was of no use.

        A known limit, less the share that nobody drives, stands in place of the figure for the road's class; rough
        ground then caps it.
        """
        at_all_hours, timed, unused = timed_limits(tags, direction, self.vehicle)
        limit = at_all_hours or limit_kph(tags, direction, self.vehicle)
        ground = ground_kph(tags, self.caps_kph)

        def driven(limit: float | None) -> float:
            caps = [self.profile.max_speed_kph, *([] if ground is None else [ground])]
            if limit is None:
                return min(class_kph, *caps)
            if not self.profile.drives_at_limit:
                return min(class_kph, limit, *caps)
            return min(limit * self.profile.limit_ratio, *caps)

        speed_kph = driven(limit)
        slower = tuple((hours, driven(limit)) for hours, limit in timed)
        return speed_kph, tuple((hours, kph) for hours, kph in slower if kph != speed_kph), unused


def _closing_rules(permission: Permission) -> tuple[_Rule, ...]:
    return (
        *((hours, CLOSED_WITHIN, 0.0) for hours in permission.closed_within),
        *((hours, CLOSED_OUTSIDE, 0.0) for hours in permission.closed_outside),
    )


def _time_ferries(extract: Extract, meanings: Sequence[_Meaning], speed_kph: NDArray[np.float64]) -> None:
    """Put in the speed at which a ferry's whole length takes its duration; pieces of a way share it."""
    rows = [row for row, meaning in enumerate(meanings) if meaning.duration_s is not None]
    length_m: dict[int, float] = defaultdict(float)
    for row in rows:
        nodes = extract.way_node[extract.way_first[row] : extract.way_first[row + 1]]
        lat, lon = extract.node_lat_deg[nodes], extract.node_lon_deg[nodes]
        length_m[int(extract.way_id[row])] += float(great_circle_m(lat[:-1], lon[:-1], lat[1:], lon[1:]).sum())
    for row in rows:
        speed_kph[row] = max(length_m[int(extract.way_id[row])], 0.001) * 3.6 / (meanings[row].duration_s or 1.0)


def _timed(meanings: Sequence[_Meaning]) -> tuple[TimedWay, ...]:
    """Return the timed rules, ways under the same rule together."""
    rows: dict[tuple[_Rule, bool, bool], list[int]] = defaultdict(list)
    for row, meaning in enumerate(meanings):
        forward, backward = meaning.rules
        for rule in dict.fromkeys((*forward, *backward)):
            rows[rule, rule in forward, rule in backward].append(row)
    return tuple(
        TimedWay(
            hours=hours,
            effect=effect,
            speed_kph=kph,
            rows=np.array(members, dtype=np.int64),
            forward=forward,
            backward=backward,
        )
        for ((hours, effect, kph), forward, backward), members in rows.items()
    )


def _ignored(meanings: Sequence[_Meaning]) -> tuple[str, ...]:
    count = Counter(word for meaning in meanings for word in meaning.unused)
    return tuple(f"{word} ({number})" for word, number in sorted(count.items()))
