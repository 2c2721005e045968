"""Read the prices and freezes of a day from a TOML or JSON file: any of the fields of `ReplanOptions`, in its units."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from routing.errors import InputError, Issue
from routing.events.options import ReplanOptions
from routing.interface.settings_file import read_settings

BUDGET = ("time_limit_s", "iterations", "seed")
"""These have options of their own."""
KNOWN = tuple(field.name for field in fields(ReplanOptions) if field.name not in BUDGET)
MOST = {"attempts_per_day": 10, "draws": 100_000}
LEAST = {"attempts_per_day": 1, "draws": 1, "patience_iterations": 1}
MOST_WHOLE = 1_000_000_000


def read_replan_options(path: Path | str) -> dict[str, Any]:
    """Return what a file says, by the names of `ReplanOptions`.

    InputError with every unknown name and every value that does not fit.
    """
    content = read_settings(Path(path), "replan options", "vehicle_change_cents = 200")
    issues = [
        Issue(
            code="REPLAN_OPTION_UNKNOWN",
            where=f"{path}:{name}",
            cause=f"{name!r} is no option of re-planning in this file.",
            action=f"Give it as --{name.replace('_s', '').replace('_', '-')}."
            if name in BUDGET
            else f"Use one of: {', '.join(KNOWN)}.",
        )
        for name in content
        if name not in KNOWN
    ]
    faults = {name: _fault(name, value) for name, value in content.items() if name in KNOWN}
    issues += [
        Issue(
            code="REPLAN_OPTION_VALUE",
            where=f"{path}:{name}",
            cause=f"{content[name]!r} is not {fault}.",
            action=f"Correct it; the default is {getattr(ReplanOptions(), name)}.",
        )
        for name, fault in faults.items()
        if fault
    ]
    if issues:
        raise InputError(issues)
    return content


def _fault(name: str, value: object) -> str:
    """Return in words what a value should be; empty where it is."""
    default = getattr(ReplanOptions(), name)
    if isinstance(default, bool):
        return "" if isinstance(value, bool) else "true or false"
    if isinstance(default, float):
        fits = type(value) in (int, float) and isinstance(value, int | float) and 1 <= value <= 100
        return "" if fits else "a number from 1 to 100"
    least, most = LEAST.get(name, 0), MOST.get(name, MOST_WHOLE)
    fits = type(value) is int and least <= value <= most
    return "" if fits else f"a whole number from {least} to {most}"
