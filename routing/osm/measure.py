"""Lengths and weights as signs show them (https://wiki.openstreetmap.org/wiki/Map_features/Units)."""

from __future__ import annotations

import re

_FOOT_M = 0.3048
_INCH_M = 0.0254
_LENGTH_M = {"": 1.0, "m": 1.0, "cm": 0.01, "ft": _FOOT_M, "in": _INCH_M, "km": 1000.0}
_WEIGHT_KG = {"": 1000.0, "t": 1000.0, "kg": 1.0, "st": 907.18474, "lt": 1016.0469, "lbs": 0.45359237, "lb": 0.45359237}
"""Without a unit a weight is in metric tonnes (https://wiki.openstreetmap.org/wiki/Key:maxweight); `st` are short
tons of 2,000 lb, `lt` long tons of 2,240 lb."""
_FEET = re.compile(r"(\d+(?:\.\d+)?)\s*(?:'|ft)\s*(?:(\d+(?:\.\d+)?)\s*(?:\"|''|in)?)?\Z")
_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)\Z")


def length_m(value: str) -> float | None:
    """Return a length in metres: `3.5`, `3.5 m`, `350 cm`, `11'6"`, `11 ft 6 in`; None where it is no length."""
    text = value.strip().lower().replace(",", ".")
    feet = _FEET.match(text)
    if feet is not None:
        return float(feet[1]) * _FOOT_M + float(feet[2] or 0) * _INCH_M
    return _quantity(text, _LENGTH_M)


def weight_kg(value: str) -> float | None:
    """Return a weight in kilograms: `7.5`, `7.5 t`, `3500 kg`, `10 st`, `8000 lbs`; None where it is no weight."""
    return _quantity(value.strip().lower().replace(",", "."), _WEIGHT_KG)


def _quantity(text: str, factors: dict[str, float]) -> float | None:
    found = _QUANTITY.match(text)
    if found is None or found[2] not in factors:
        return None
    return float(found[1]) * factors[found[2]]
