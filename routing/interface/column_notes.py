"""Say which columns of a day's tables are read as constraints, and which only look as if they were.

A column of an older table may have a name that has got a meaning since, and one that a user made up may be close to
one that has. Neither is a fault, and neither must pass in silence. Columns that are empty say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from routing.interface import stop_columns, vehicle_columns
from routing.interface.table import read_table


def column_notes(stops: Path, fleet: Path) -> tuple[str, ...]:
    """Return what a user should know of the columns of tables that were read without a fault."""
    of_stops = read_table(
        stops,
        required=stop_columns.REQUIRED,
        optional=stop_columns.OPTIONAL,
        pairs=stop_columns.WINDOWS,
        what="stop",
        forms=stop_columns.FORMS,
    )
    of_fleet = read_table(
        fleet,
        required=vehicle_columns.REQUIRED,
        optional=vehicle_columns.OPTIONAL,
        pairs=vehicle_columns.PAIRS,
        what="vehicle",
        forms=vehicle_columns.FORMS,
    )
    notes = []
    for path, table, columns in ((stops, of_stops, stop_columns), (fleet, of_fleet, vehicle_columns)):
        filled = [name for name in table.columns if any(row.cells.get(name) for row in table.rows)]
        forms = [form for form, _ in columns.FORMS]
        read = [
            name for name in filled if name in columns.CONSTRAINTS or any(re.fullmatch(form, name) for form in forms)
        ]
        known = {*columns.REQUIRED, *columns.OPTIONAL, *read}
        alike = [name for name in filled if name not in known and _words([name]) & _words(columns.CONSTRAINTS)]
        if read:
            notes.append(
                f"{path.name} asks for something in {', '.join(read)}; rename a column that means another thing."
            )
        if alike:
            notes.append(
                f"{path.name} asks for nothing in {', '.join(alike)}: no column with a meaning is called like that."
            )
    return tuple(notes)


def _words(columns: Sequence[str]) -> set[str]:
    """Return the words of names, in the singular, without those that are short."""
    words = (word.removesuffix("s") for name in columns for word in name.lower().split("_"))
    return {word for word in words if len(word) > 2}
