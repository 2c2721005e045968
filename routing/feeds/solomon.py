"""Read the texts of Solomon (1987) and of Gehring and Homberger (1999).

A name, VEHICLE with number and capacity, CUSTOMER with number, x, y, demand, ready time, due date and service time,
one line each; place 0 is the depot. https://www.sintef.no/projectweb/top/vrptw/ has both sets.
"""

from __future__ import annotations

import numpy as np

from routing.errors import InputError, Issue
from routing.feeds.vrplib_instance import VrpInstance, point_weights, rounded_decimals
from routing.feeds.vrplib_options import Rounding
from routing.feeds.vrplib_text import number

FIGURES = ("number", "x", "y", "demand", "ready time", "due date", "service time")
X, Y, DEMAND, READY, DUE, SERVICE = range(1, 7)


def is_solomon(text: str) -> bool:
    """Tell whether a text has the headings of the format."""
    words = {line.strip().upper() for line in text.splitlines()[:40]}
    return {"VEHICLE", "CUSTOMER"} <= words


def read_solomon(text: str, *, name: str, rounding: Rounding = Rounding.DIMACS) -> VrpInstance:
    """Return the instance of a text; InputError with every fault of it."""
    issues: list[Issue] = []

    def fault(line: int, cause: str, action: str) -> None:
        issues.append(Issue(code="SOLOMON_LINE", where=f"{name}:{line}", cause=cause, action=action))

    lines = [(at, line.strip()) for at, line in enumerate(text.splitlines(), start=1) if line.strip()]
    heads = [index for index, (_, line) in enumerate(lines) if line.upper() in ("VEHICLE", "CUSTOMER")]
    if len(heads) != 2 or lines[heads[0]][1].upper() != "VEHICLE" or heads[1] - heads[0] != 3:
        cause = "after VEHICLE there must be a heading, one line of numbers, and CUSTOMER with its own heading"
        fault(lines[heads[0]][0] if heads else 1, cause, "Restore the headings of the format.")
        raise InputError(issues)
    at, fleet = lines[heads[0] + 2]
    counts = [number(cell) for cell in fleet.split()]
    if len(counts) != 2 or any(each is None or each != int(each) or each < 1 for each in counts):
        fault(at, f"{fleet[:40]!r} is not a number of vehicles and a capacity", "Give two whole numbers, 1 or more.")
    rows: list[list[float]] = []
    for due, (at, line) in enumerate(lines[heads[1] + 2 :]):
        cells = [number(cell) for cell in line.split()]
        told = [cell for cell in cells if cell is not None]
        if len(told) != len(FIGURES) or len(cells) != len(FIGURES):
            fault(at, f"{line[:40]!r} is not seven numbers", f"Give {', '.join(FIGURES)}.")
            continue
        if told[0] != due:
            fault(at, f"place {told[0]:g} stands where {due} is due", "Number the places from 0 on, in order.")
        if told[DEMAND] < 0 or told[DEMAND] != int(told[DEMAND]) or (told[DEMAND] and not due):
            fault(at, f"the demand is {told[DEMAND]:g}", "Give a whole number, zero or more, 0 to the depot.")
        if not 0 <= told[READY] <= told[DUE] or told[SERVICE] < 0:
            cause = f"the window is {told[READY]:g} to {told[DUE]:g} and the service {told[SERVICE]:g}"
            fault(at, cause, "Give a ready time of zero or more, no earlier due date, and a service of zero or more.")
        rows.append(told)
    if len(rows) < 2 and not issues:
        fault(lines[heads[1]][0], "there is no customer", "Give the depot and a customer, one line each.")
    if issues:
        raise InputError(issues)
    table = np.array(rows, np.float64)
    return VrpInstance(
        name=lines[0][1] if heads[0] else name,
        kind="VRPTW",
        rounding=rounding.value,
        capacity=int(counts[1] or 0),
        vehicles=int(counts[0] or 0),
        weight=point_weights(table[:, X], table[:, Y], rounding),
        decimals=rounded_decimals(rounding),
        demand=table[:, DEMAND].astype(np.int64),
        service=table[:, SERVICE],
        window_start=table[:, READY],
        window_end=table[:, DUE],
    )
