"""Cut a VRPLIB text into its specifications and sections, and read numbers of sections, by line.

The format grew out of TSPLIB 95 (Reinelt) and is used by CVRPLIB, the DIMACS challenge and EURO Meets NeurIPS 2022;
https://github.com/PyVRP/VRPLIB describes its forms.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from routing.errors import Issue

_SPECIFICATION = re.compile(r"([A-Za-z][A-Za-z0-9_]*)\s*:\s*(.*)")
_SECTION = re.compile(r"([A-Z][A-Z0-9_]*_SECTION)\s*:?")


@dataclass(slots=True)
class Text:
    """Hold what a file says, and gather what is wrong with it."""

    name: str
    issues: list[Issue] = field(default_factory=list)
    values: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Line and value of each specification."""
    sections: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    """The lines of each section that hold something, with their numbers."""
    headings: dict[str, int] = field(default_factory=dict)
    """The line at which each section begins."""
    lines: dict[tuple[str, int], int] = field(default_factory=dict)
    """The line at which a section speaks of a place, counted from 0."""

    def fault(self, code: str, line: int | None, cause: str, action: str) -> None:
        """Note a fault of a line, or of the whole file."""
        where = self.name if line is None else f"{self.name}:{line}"
        self.issues.append(Issue(code=code, where=where, cause=cause, action=action))

    def number(self, key: str) -> float | None:
        """Return a specification that is a number, None where it is missing or none."""
        if key not in self.values:
            return None
        line, value = self.values[key]
        found = number(value)
        if found is None or found < 0:
            self.fault("VRPLIB_NUMBER", line, f"{key} is {value!r}", "Give a number, zero or more.")
            return None
        return found

    def whole(self, key: str, *, least: int = 0) -> int | None:
        """Return a specification that is a whole number, None where it is missing or none."""
        found = self.number(key)
        if found is None:
            return None
        if found != int(found) or found < least:
            line, value = self.values[key]
            self.fault("VRPLIB_NUMBER", line, f"{key} is {value!r}", f"Give a whole number, {least} or more.")
            return None
        return int(found)

    def rows(self, section: str, count: int, width: int) -> NDArray[np.float64] | None:
        """Return the numbers that a section gives to each of `count` places, count x width.

        Each line holds the place's number, from 1 on, and `width` numbers. None where something is wrong with it.
        """
        faults = len(self.issues)
        found = np.full((count, width), np.nan)
        for line, text in self.sections[section]:
            cells = [number(cell) for cell in text.split()]
            place, rest = cells[0], cells[1:]
            if place is None or None in rest or len(rest) != width:
                cause = f"{text[:40]!r} is not a place and {width} number{'s' if width > 1 else ''}"
                self.fault("VRPLIB_LINE", line, cause, "Correct the line.")
            elif place != int(place) or not 1 <= place <= count:
                cause = f"there is no place {text.split()[0]}, {section} counts from 1 to {count}"
                self.fault("VRPLIB_PLACE", line, cause, "Correct the number, or DIMENSION.")
            elif not np.isnan(found[int(place) - 1, 0]):
                self.fault("VRPLIB_PLACE", line, f"place {int(place)} comes again", "Leave one of its lines.")
            else:
                found[int(place) - 1] = rest
                self.lines[section, int(place) - 1] = line
        missing = np.flatnonzero(np.isnan(found[:, 0])) + 1
        if len(self.issues) == faults and missing.size:
            named = ", ".join(map(str, missing[:10])) + (" and more" if missing.size > 10 else "")
            self.fault("VRPLIB_PLACE", self.headings[section], f"{section} lacks {named}", "Add their lines.")
        return found if len(self.issues) == faults else None

    def numbers(self, section: str) -> NDArray[np.float64] | None:
        """Return all numbers of a section in their order, None where a line has something else."""
        faults = len(self.issues)
        lines = self.sections[section]
        try:
            return np.array(" ".join(text for _, text in lines).split(), np.float64)
        except ValueError:
            for line, text in lines:
                wrong = [cell for cell in text.split() if number(cell) is None]
                if wrong:
                    self.fault("VRPLIB_LINE", line, f"{wrong[0][:40]!r} is not a number", "Correct the line.")
        assert len(self.issues) > faults
        return None


def cut(text: str, *, name: str) -> Text:
    """Return a text's specifications and sections; what belongs to neither is a fault."""
    found = Text(name)
    section: list[tuple[int, str]] | None = None
    for line, raw in enumerate(text.splitlines(), start=1):
        words = raw.strip()
        if words == "EOF":
            break
        if not words:
            continue
        heading, specification = _SECTION.fullmatch(words), _SPECIFICATION.fullmatch(words)
        if heading:
            section = []
            if heading[1] in found.sections:
                found.fault("VRPLIB_TWICE", line, f"{heading[1]} comes again", "Leave one of them.")
            found.sections[heading[1]], found.headings[heading[1]] = section, line
        elif specification:
            section = None
            found.values[specification[1].upper()] = (line, specification[2].strip().strip('"'))
        elif section is not None:
            section.append((line, words))
        else:
            cause = f"{words[:40]!r} stands in no section"
            found.fault("VRPLIB_LINE", line, cause, "Write `KEYWORD : value`, or the section's name before it.")
    return found


def number(cell: str) -> float | None:
    """Return a finite number, None where the text is none."""
    try:
        found = float(cell)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def decimals(*tables: NDArray[np.float64], most: int) -> int | None:
    """Return how many decimals the numbers have, None where more than `most`."""
    for places in range(most + 1):
        scaled = [table[np.isfinite(table)] * 10**places for table in tables]
        if all((np.abs(each - np.rint(each)) <= 1e-9 * np.maximum(1, np.abs(each))).all() for each in scaled):
            return places
    return None
