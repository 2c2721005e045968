"""Values that hold under conditions only (https://wiki.openstreetmap.org/wiki/Conditional_restrictions).

`no @ (Mo-Fr 07:00-19:00 AND weight>7.5); destination @ (22:00-06:00)` is two clauses. Where several hold, the
last one counts. Hours stay words: when they hold is asked of the `opening_hours` package, long after the map is read.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate

import opening_hours

from routing.osm.measure import length_m, weight_kg
from routing.osm.vehicle import Vehicle

_AND = re.compile(r"\s+AND\s+|\s*&&\s*", re.IGNORECASE)
_WHOLE_DAY = re.compile(r"\b(?:0?0?-)?24\s*h\b", re.IGNORECASE)
_FREELY_TYPED = re.compile(r"(?<=[A-Za-z]):\s+(?=\d)|(?<=[a-z]),\s*(?=\d\d:)")
"""`Mo-Fr: 07:00` and `Mo-Fr,07:00`, both common, neither in the grammar."""
_MODIFIER = re.compile(r"(?:open|closed|off|unknown)\b|\"", re.IGNORECASE)
_CLOCK = re.compile(r"\d?\d:\d\d|sunrise|sunset|dawn|dusk")
_COMPARISON = re.compile(r"([a-z_]+)\s*(<=|>=|<|>|=)\s*(.+)\Z")
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}
_BUSINESS_WORDS = frozenset({"destination", "delivery", "customers", "private", "permit", "residents", "loading"})
_OTHER_USERS = frozenset(
    {
        *("agricultural", "agriculture", "forestry", "emergency", "psv", "bus", "taxi", "tourist_bus", "coach"),
        *("school_bus", "minibus", "share_taxi", "carpool", "hov", "disabled", "electric_vehicle", "electric"),
        *("bicycle", "moped", "mofa", "motorcycle", "motorcar", "motorhome", "goods", "hgv", "hgv_articulated"),
        *("foot", "horse", "caravan", "trailer", "military", "bdouble", "hazmat"),
        *("motor_vehicle", "vehicle", "cargo_bike", "tram", "light_rail"),
    }
)
"""Users of whom a condition may speak; false for a vehicle that is not one of them."""


class Holds(Enum):
    """Say whether the conditions of a clause, its hours aside, hold for a vehicle."""

    NO = "no"
    YES = "yes"
    FOR_BUSINESS = "for business"
    """Holds for who has business there (destination, delivery, private and so on)."""
    UNCLEAR = "unclear"
    """Not known of a vehicle (wet, snow), or not understood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """Hold one value and what must be so for it to count."""

    value: str
    hours: str | None
    """In the words of https://wiki.openstreetmap.org/wiki/Key:opening_hours; None: at all times."""
    others: tuple[str, ...]
    """The other conditions, as mapped; all of them must hold."""


def parse_conditional(text: str) -> tuple[Clause, ...]:
    """Read the clauses of a conditional value; what is not understood becomes a condition that is `UNCLEAR`."""
    clauses = []
    for part in _clauses(text):
        value, at, condition = (piece.strip() for piece in part.partition("@"))
        if not at:
            clauses.append(Clause(value="", hours=None, others=(value,)))
            continue
        hours: list[str] = []
        others: list[str] = []
        for word in _AND.split(_bare(condition)):
            found = _hours(_bare(word))
            if found is None:
                others.append(_bare(word))
            else:
                hours.append(found)
        together = _intersection(hours)
        if hours and together is None:
            others += hours
        clauses.append(Clause(value=value, hours=together, others=tuple(others)))
    return tuple(clauses)


def clause_holds(clause: Clause, vehicle: Vehicle) -> Holds:
    """Return whether the conditions of a clause other than its hours hold for a vehicle."""
    found = {_word_holds(word.strip().lower(), vehicle) for word in clause.others}
    for answer in (Holds.NO, Holds.UNCLEAR, Holds.FOR_BUSINESS):
        if answer in found:
            return answer
    return Holds.YES


def either_hours(hours: str, more: str) -> str | None:
    """Return words for `hours` or `more`; None where the grammar cannot join them."""
    return None if _switches_off(more) else _valid(f"{hours}, {', '.join(_rules(more))}")


def hours_without(hours: str, less: str) -> str | None:
    """Return words for `hours` but not `less`; None where the grammar cannot join them."""
    return None if _switches_off(less) else _valid("; ".join([hours, *(f"{rule} off" for rule in _rules(less))]))


def _clauses(text: str) -> list[str]:
    """Split at semicolons outside parentheses; a piece without @ belongs to the hours of the piece before."""
    parts: list[str] = []
    depth = 0
    start = True
    for letter in text:
        depth = max(depth + (letter == "(") - (letter == ")"), 0)
        if letter == ";" and not depth:
            start = True
        elif start:
            parts.append(letter)
            start = False
        else:
            parts[-1] += letter
    joined: list[str] = []
    for part in (piece for piece in parts if piece.strip()):
        if joined and "@" not in part:
            joined[-1] += f"; {part.strip()}"
        else:
            joined.append(part)
    return joined


def _bare(text: str) -> str:
    """Return a text without the parentheses around the whole of it."""
    inner = text.strip()
    depths = accumulate((letter == "(") - (letter == ")") for letter in inner[:-1])
    return inner[1:-1].strip() if inner.endswith(")") and min(depths, default=0) > 0 else inner


def _hours(text: str) -> str | None:
    return _valid(_FREELY_TYPED.sub(" ", _WHOLE_DAY.sub("00:00-24:00", text)))


def _valid(hours: str) -> str | None:
    """Return hours where the grammar knows them and they are more than a modifier or a comment."""
    if not opening_hours.validate(hours) or _MODIFIER.match(hours):
        return None
    return hours


def _intersection(hours: Sequence[str]) -> str | None:
    """Return days and times of day as one selector; other pairs have no common words in the grammar."""
    if len(hours) == 2 and not _CLOCK.search(hours[0]) and _CLOCK.match(hours[1]) and not _switches_off(hours[0]):
        return _valid(" ".join(hours))
    return hours[0] if len(hours) == 1 else None


def _rules(hours: str) -> list[str]:
    return [rule.strip() for rule in hours.split(";") if rule.strip()]


def _switches_off(hours: str) -> bool:
    return re.search(r"\b(?:off|closed)\b|\|\|", hours) is not None


def _word_holds(word: str, vehicle: Vehicle) -> Holds:
    if word in _BUSINESS_WORDS:
        return Holds.FOR_BUSINESS
    if word in vehicle.own_keys or (word == "hazmat" and vehicle.hazmat):
        return Holds.YES
    if word in _OTHER_USERS:
        return Holds.NO
    found = _COMPARISON.match(word)
    if found is None:
        return Holds.UNCLEAR
    fact, limit = _fact_and_limit(found[1], found[3], vehicle)
    if limit is None:
        return Holds.UNCLEAR
    return Holds.YES if _COMPARE[found[2]](fact or 0.0, limit) else Holds.NO


def _fact_and_limit(key: str, value: str, vehicle: Vehicle) -> tuple[float | None, float | None]:
    """Return what a vehicle has and what a condition compares it with; no limit where the key is not known."""
    lengths = {"height": vehicle.height_m, "width": vehicle.width_m, "length": vehicle.length_m}
    weights = {
        "weight": vehicle.weight_kg,
        "axleload": vehicle.axle_load_kg,
        **dict.fromkeys(("weightrating", "maxweightrating", "maxweight"), vehicle.rated_weight_kg),
    }
    if key in lengths:
        return lengths[key], length_m(value)
    return (weights[key], weight_kg(value)) if key in weights else (None, None)
