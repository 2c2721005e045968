"""Read what each thing costs from a TOML or JSON file: any of the fields of `Objective`, in whole cents."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from routing.errors import InputError, Issue
from routing.interface.settings_file import read_settings
from routing.problem.model import Objective


def read_objective(path: Path | str) -> Objective:
    """Read an objective; what the file does not name keeps its default.

    Raises InputError with every unknown key and every value that is not a whole number of cents, 0 or more.
    """
    content = read_settings(Path(path), "objective", "duty_cents_per_h = 2400")
    known = tuple(field.name for field in fields(Objective))
    issues = [
        Issue(
            code="OBJECTIVE_UNKNOWN",
            where=f"{path}:{key}",
            cause=f"{key!r} is not part of the objective.",
            action=f"Use one of: {', '.join(known)}.",
        )
        for key in content
        if key not in known
    ]
    issues += [
        Issue(
            code="OBJECTIVE_VALUE",
            where=f"{path}:{key}",
            cause=f"{value!r} is not a whole number of cents, 0 to 1000000000.",
            action=f"Write whole cents; the default is {getattr(Objective(), key)}.",
        )
        for key, value in content.items()
        if key in known and not (type(value) is int and 0 <= value <= 1_000_000_000)
    ]
    if issues:
        raise InputError(issues)
    return Objective(**{key: value for key, value in content.items() if type(value) is int})
