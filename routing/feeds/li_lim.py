"""Read the pickup and delivery texts of Li and Lim (2001).

The first line has the number of vehicles, their capacity and their speed; then come, one line each, the depot (task 0)
and the tasks: number, x, y, demand, earliest and latest begin, service, the pickup that belongs to it and the delivery
that belongs to it, 0 for none. A pickup has a demand above zero and its delivery the same below.
https://www.sintef.no/projectweb/top/pdptw/documentation/ describes the form and counts vehicles before distance.
"""

from __future__ import annotations

import numpy as np

from routing.errors import InputError, Issue
from routing.feeds.vrplib_instance import VrpInstance, point_weights, rounded_decimals
from routing.feeds.vrplib_options import Rounding
from routing.feeds.vrplib_text import number

KIND = "PDPTW"
FIGURES = ("number", "x", "y", "demand", "earliest", "latest", "service", "pickup", "delivery")
NUMBER, X, Y, DEMAND, READY, DUE, SERVICE, PICKUP, DELIVERY = range(len(FIGURES))
HEADING = 3
"""Numbers in the first line."""


def is_li_lim(text: str) -> bool:
    """Tell whether a text begins as the pickup and delivery instances of Li and Lim do."""
    first = [line.split() for line in text.splitlines()[:5] if line.strip()][:2]
    widths = tuple(map(len, first))
    return widths == (HEADING, len(FIGURES)) and all(number(cell) is not None for row in first for cell in row)


def read_li_lim(text: str, *, name: str, rounding: Rounding = Rounding.DOUBLE) -> VrpInstance:
    """Return the instance of a text, its pickups with their deliveries; InputError with every fault of it."""
    issues: list[Issue] = []

    def fault(line: int, cause: str, action: str) -> None:
        issues.append(Issue(code="LI_LIM_LINE", where=f"{name}:{line}", cause=cause, action=action))

    lines = [(at, line.strip()) for at, line in enumerate(text.splitlines(), start=1) if line.strip()]
    at, head = lines[0]
    counts = [number(cell) for cell in head.split()]
    if len(counts) != HEADING or any(each is None or each != int(each) or each < 1 for each in counts):
        fault(at, f"{head[:40]!r} is not vehicles, capacity and speed", "Give three whole numbers, 1 or more.")
    elif counts[2] != 1:
        fault(at, f"the speed is {counts[2]:g}; distances are times only at speed 1", "Scale the points to speed 1.")
    rows: list[tuple[int, list[float]]] = []
    for due, (at, line) in enumerate(lines[1:]):
        cells = [number(cell) for cell in line.split()]
        told = [cell for cell in cells if cell is not None]
        if len(told) != len(FIGURES) or len(cells) != len(FIGURES):
            fault(at, f"{line[:40]!r} is not nine numbers", f"Give {', '.join(FIGURES)}.")
            continue
        if told[NUMBER] != due:
            fault(at, f"task {told[NUMBER]:g} stands where {due} is due", "Number the tasks from 0 on, in order.")
        if not 0 <= told[READY] <= told[DUE] or told[SERVICE] < 0:
            cause = f"the window is {told[READY]:g} to {told[DUE]:g} and the service {told[SERVICE]:g}"
            fault(at, cause, "Give a beginning of zero or more, no earlier end, and a service of zero or more.")
        rows.append((at, told))
    if len(rows) < 3 and not issues:
        fault(lines[-1][0], "there is no pickup with its delivery", "Give the depot and two tasks, one line each.")
    if not issues:
        issues += _unpaired(rows, name)
    if issues:
        raise InputError(issues)
    table = np.array([row for _, row in rows], np.float64)
    return VrpInstance(
        name=name,
        kind=KIND,
        rounding=rounding.value,
        capacity=int(counts[1] or 0),
        vehicles=int(counts[0] or 0),
        weight=point_weights(table[:, X], table[:, Y], rounding),
        decimals=rounded_decimals(rounding),
        demand=table[:, DEMAND].astype(np.int64),
        service=table[:, SERVICE],
        window_start=table[:, READY],
        window_end=table[:, DUE],
        carried=tuple((task, int(row[DELIVERY])) for task, (_, row) in enumerate(rows) if row[DEMAND] > 0),
    )


def _unpaired(rows: list[tuple[int, list[float]]], name: str) -> list[Issue]:
    """Return what is wrong with the demands of tasks and with the tasks that belong to them."""
    issues = []
    tasks = [row for _, row in rows]
    for task, (at, row) in enumerate(rows):
        demand, mate = row[DEMAND], row[DELIVERY] if row[DEMAND] > 0 else row[PICKUP]
        cause = ""
        if task == 0:
            if demand or row[PICKUP] or row[DELIVERY]:
                cause = "the depot has a demand, a pickup or a delivery"
        elif demand == 0 or demand != int(demand):
            cause = f"the demand of task {task} is {demand:g}, which is no whole number other than zero"
        elif mate not in range(1, len(tasks)) or mate == task or row[PICKUP] + row[DELIVERY] != mate:
            cause = f"task {task} of demand {demand:g} has pickup {row[PICKUP]:g} and delivery {row[DELIVERY]:g}"
        elif tasks[int(mate)][DEMAND] != -demand or tasks[int(mate)][PICKUP if demand > 0 else DELIVERY] != task:
            cause = f"task {task} belongs to {mate:g}, which does not belong to it or has not its demand"
        if cause:
            action = "Give a pickup its delivery and a delivery its pickup, 0 for the other, and opposite demands."
            issues.append(Issue(code="LI_LIM_PAIR", where=f"{name}:{at}", cause=cause, action=action))
    return issues
