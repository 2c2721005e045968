"""Read the text of a profile, a TOML file whose keys are the fields of `Profile`, and find every fault at once."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from typing import Any

from routing.errors import InputError, Issue
from routing.osm.highway import OTHER_CLASS, ROAD_CLASSES

BASED_ON = "based_on"
"""Key that names a shipped profile whose figures hold where the text has none."""

_WORDS = ("name",)
_CHOICES = {"restricted_use": ("ends", "never", "through")}
_FLAGS = ("hazmat", "ignores_oneway", "drives_at_limit", "avoid_toll", "avoid_ferry")
_LISTS = ("access_keys", "open_highways", "openable_highways", "barriers_passed")
_TABLES = {
    "class_speed_kph": (1.0, 200.0),
    "surface_kph": (1.0, 200.0),
    "tracktype_kph": (1.0, 200.0),
    "smoothness_kph": (1.0, 200.0),
    "barrier_delay_s": (0.0, 3600.0),
}
_NUMBERS = {
    "max_speed_kph": (1.0, 200.0),
    "limit_ratio": (0.1, 1.5),
    "height_m": (0.1, 10.0),
    "width_m": (0.1, 10.0),
    "length_m": (0.1, 60.0),
    "weight_kg": (1.0, 200_000.0),
    "rated_weight_kg": (1.0, 200_000.0),
    "axle_load_kg": (1.0, 50_000.0),
    "turn_s": (0.0, 120.0),
    "turn_bias_ratio": (0.5, 2.0),
    "oncoming_turn_s": (0.0, 120.0),
    "u_turn_s": (0.0, 600.0),
    **dict.fromkeys(("signal_s", "stop_s", "give_way_s", "crossing_s"), (0.0, 120.0)),
    **dict.fromkeys(("mini_roundabout_s", "level_crossing_s"), (0.0, 120.0)),
}
_KNOWN = (*_WORDS, *_CHOICES, *_FLAGS, *_LISTS, *_TABLES, *_NUMBERS)
_NEEDED = ("name", "access_keys", "open_highways", "class_speed_kph", "max_speed_kph")


def profile_values(text: str, where: str, shipped: Callable[[str], Mapping[str, Any]]) -> dict[str, Any]:
    """Return the fields that a profile's text gives; those that it leaves out are missing or its base's.

    Tables are laid over those of the base, class by class. `shipped` returns the fields of a shipped profile.

    Raises
    ------
    InputError
        With every fault: no TOML, an unknown key, class or value, a number out of range, a key that is missing.
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        cause = f"is no TOML ({error})"
        raise InputError([_issue("PROFILE_FORM", where, cause, "see the profiles that are shipped")]) from error
    base_name = told.pop(BASED_ON, None)
    base = {} if base_name is None else dict(shipped(str(base_name)))
    issues = [issue for key, value in told.items() for issue in _faults(key, value, where)]
    for key in _NEEDED:
        if key not in told and key not in base:
            cause = "is missing"
            issues.append(_issue("PROFILE_LACKS", f"{where}:{key}", cause, f"give it, or name a profile by {BASED_ON}"))
    table = told.get("class_speed_kph")
    if not base and isinstance(table, dict) and OTHER_CLASS not in table:
        cause = f"has no speed for {OTHER_CLASS!r}, which holds for every class that is not named"
        issues.append(_issue("PROFILE_LACKS", f"{where}:class_speed_kph", cause, "give it"))
    keys = told.get("access_keys")
    if isinstance(keys, list) and keys[-1:] != ["access"]:
        cause = "does not end in 'access', the key for all"
        issues.append(_issue("PROFILE_FORM", f"{where}:access_keys", cause, "add it as the last one"))
    if issues:
        raise InputError(issues)
    values = {**base, **{key: _value(key, value, base) for key, value in told.items()}}
    values["class_speed_kph"] = _all_classes(dict(values["class_speed_kph"]))
    return values


def _value(key: str, value: Any, base: Mapping[str, Any]) -> Any:
    if key in _TABLES:
        laid = {**dict(base.get(key, ())), **{name: float(number) for name, number in value.items()}}
        return tuple(laid.items())
    if key in _LISTS:
        return tuple(value)
    return float(value) if key in _NUMBERS else value


def _all_classes(speeds: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple((name, speeds.get(name, speeds[OTHER_CLASS])) for name in ROAD_CLASSES)


def _faults(key: str, value: Any, where: str) -> list[Issue]:
    here = f"{where}:{key}"
    if key in _TABLES:
        if not isinstance(value, dict):
            return [_issue("PROFILE_FORM", here, "is no table", f"write [{key}] and one line for each figure")]
        low, high = _TABLES[key]
        unknown = [name for name in value if key == "class_speed_kph" and name not in ROAD_CLASSES]
        action = f"use one of {', '.join(ROAD_CLASSES)}"
        issues = [_issue("PROFILE_UNKNOWN_CLASS", f"{here}.{name}", "is no class of road", action) for name in unknown]
        found = (_out_of_range(f"{here}.{name}", number, low, high) for name, number in value.items())
        return [*issues, *(issue for issue in found if issue is not None)]
    if key in _NUMBERS:
        issue = _out_of_range(here, value, *_NUMBERS[key])
        return [] if issue is None else [issue]
    if key in _CHOICES:
        words = _CHOICES[key]
        return [] if value in words else [_issue("PROFILE_FORM", here, f"{value!r}", f"use one of {', '.join(words)}")]
    if key in _FLAGS:
        return [] if isinstance(value, bool) else [_issue("PROFILE_FORM", here, f"{value!r}", "give true or false")]
    if key in _LISTS:
        is_list = isinstance(value, list) and all(isinstance(word, str) for word in value)
        return [] if is_list else [_issue("PROFILE_FORM", here, "is no list of words", 'write ["one", "two"]')]
    if key in _WORDS:
        is_word = isinstance(value, str) and value.strip() != ""
        return [] if is_word else [_issue("PROFILE_FORM", here, f"{value!r}", "give a word")]
    return [_issue("PROFILE_UNKNOWN_KEY", here, "is not known", f"use one of {', '.join(sorted((*_KNOWN, BASED_ON)))}")]


def _out_of_range(where: str, value: Any, low: float, high: float) -> Issue | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
        return None
    return _issue("PROFILE_RANGE", where, f"is {value!r}", f"give a number from {low:g} to {high:g}")


def _issue(code: str, where: str, cause: str, action: str) -> Issue:
    return Issue(code=code, where=where, cause=cause, action=action)
