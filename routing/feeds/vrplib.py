"""Read VRPLIB files: CVRP, ACVRP and VRPTW with one depot.

Weights are explicit (a full table or half of a symmetric one) or come from points. What would change the answer and
is not carried here is refused by name, never passed over.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.errors import InputError
from routing.feeds.vrplib_instance import VrpInstance, point_weights, rounded_decimals
from routing.feeds.vrplib_options import Rounding
from routing.feeds.vrplib_text import Text, cut, decimals

KINDS = ("CVRP", "ACVRP", "VRPTW")
POINT_ROUNDING = {
    "EUC_2D": Rounding.ROUND,
    "CEIL_2D": Rounding.CEIL,
    "FLOOR_2D": Rounding.TRUNC,
    "EXACT_2D": Rounding.DOUBLE,
}
"""What TSPLIB and its heirs say of points' distances."""
HALVES = {
    "LOWER_ROW": ("lower", -1),
    "LOWER_DIAG_ROW": ("lower", 0),
    "UPPER_ROW": ("upper", 1),
    "UPPER_DIAG_ROW": ("upper", 0),
    "LOWER_COL": ("upper", 1),
    "LOWER_DIAG_COL": ("upper", 0),
    "UPPER_COL": ("lower", -1),
    "UPPER_DIAG_COL": ("lower", 0),
}
"""Halves of a symmetric table by the half that, read row by row, has the same order; and the diagonal it starts at."""
SECTIONS = (
    "NODE_COORD_SECTION",
    "EDGE_WEIGHT_SECTION",
    "DEMAND_SECTION",
    "DEPOT_SECTION",
    "SERVICE_TIME_SECTION",
    "TIME_WINDOW_SECTION",
    "DISPLAY_DATA_SECTION",
)
SPECIFICATIONS = (
    *("NAME", "COMMENT", "TYPE", "DIMENSION", "CAPACITY", "VEHICLES", "DISTANCE", "SERVICE_TIME"),
    *("EDGE_WEIGHT_TYPE", "EDGE_WEIGHT_FORMAT", "NODE_COORD_TYPE", "DISPLAY_DATA_TYPE", "EDGE_DATA_FORMAT"),
)
MOST_PLACES = 20_000
MOST_DECIMALS = 6


def read_vrplib(text: str, *, name: str, rounding: Rounding | None = None) -> VrpInstance:
    """Return the instance of a text; InputError with every fault of it.

    Distances of points are rounded as asked, else as the file's EDGE_WEIGHT_TYPE says. A DISTANCE bounds each route's
    length with its services, as in CVRPLIB.
    """
    file = cut(text, name=name)
    kind = _kind(file)
    count = file.whole("DIMENSION", least=2)
    capacity, vehicles = file.whole("CAPACITY"), file.whole("VEHICLES", least=1)
    longest = file.number("DISTANCE")
    _needed(file, "DIMENSION", "CAPACITY", "EDGE_WEIGHT_TYPE")
    if count is None or count > MOST_PLACES:
        if count is not None:
            line = file.values["DIMENSION"][0]
            file.fault("VRPLIB_SIZE", line, f"there are {count} places", f"Give {MOST_PLACES} at most.")
        raise InputError(file.issues)
    weights = _weights(file, count, rounding)
    demand = _demand(file, count)
    _depot(file)
    start, end = _windows(file, count, longest)
    service = _service(file, count)
    if file.issues or weights is None or demand is None or service is None or capacity is None:
        raise InputError(file.issues)
    weight, places, way = weights
    times = np.concatenate((start, end, service, [longest or 0.0]))
    counted = None if places is None else decimals(times, most=MOST_DECIMALS)
    if places is not None and counted is None:
        file.fault("VRPLIB_DECIMALS", None, f"times have more than {MOST_DECIMALS} decimals", "Round them.")
        raise InputError(file.issues)
    return VrpInstance(
        name=file.values.get("NAME", (0, name))[1],
        kind=kind,
        rounding=way,
        capacity=capacity,
        vehicles=vehicles,
        weight=weight,
        decimals=None if places is None else max(places, counted or 0),
        demand=demand,
        service=service,
        window_start=start,
        window_end=end,
        longest=longest,
    )


def _kind(file: Text) -> str:
    line, kind = file.values.get("TYPE", (None, "CVRP"))
    if kind.upper() not in KINDS:
        known = f"Only {', '.join(KINDS)} are read."
        file.fault("VRPLIB_TYPE", line, f"TYPE is {kind!r}", known)
    for section, at in file.headings.items():
        if section not in SECTIONS:
            cause = f"{section} asks for what is not carried here"
            file.fault("VRPLIB_SECTION", at, cause, f"Only these sections are read: {', '.join(SECTIONS)}.")
    for key, (at, _) in file.values.items():
        if key not in SPECIFICATIONS:
            cause = f"{key} asks for what is not carried here"
            file.fault("VRPLIB_KEYWORD", at, cause, f"Only these keywords are read: {', '.join(SPECIFICATIONS)}.")
    return kind.upper()


def _needed(file: Text, *keys: str) -> None:
    for key in keys:
        if key not in file.values:
            file.fault("VRPLIB_MISSING", None, f"{key} is missing", f"Add `{key} : …`.")


def _has(file: Text, section: str) -> bool:
    if section not in file.sections:
        file.fault("VRPLIB_MISSING", None, f"{section} is missing", "Add it.")
    return section in file.sections


def _weights(file: Text, count: int, rounding: Rounding | None) -> tuple[NDArray[np.float64], int | None, str] | None:
    """Return weights, their decimals and how they were rounded."""
    line, kind = file.values.get("EDGE_WEIGHT_TYPE", (None, ""))
    if kind == "EXPLICIT":
        table = _explicit(file, count) if _has(file, "EDGE_WEIGHT_SECTION") else None
        if table is None:
            return None
        places = decimals(table, most=MOST_DECIMALS)
        if places is None:
            at = file.headings["EDGE_WEIGHT_SECTION"]
            file.fault("VRPLIB_DECIMALS", at, f"weights have more than {MOST_DECIMALS} decimals", "Round them.")
        return table, places, "explicit"
    if kind not in POINT_ROUNDING:
        if line is not None:
            known = f"Only EXPLICIT, {', '.join(POINT_ROUNDING)} are read."
            file.fault("VRPLIB_WEIGHTS", line, f"EDGE_WEIGHT_TYPE is {kind!r}", known)
        return None
    points = file.rows("NODE_COORD_SECTION", count, 2) if _has(file, "NODE_COORD_SECTION") else None
    if points is None:
        return None
    way = rounding or POINT_ROUNDING[kind]
    return point_weights(points[:, 0], points[:, 1], way), rounded_decimals(way), way.value


def _explicit(file: Text, count: int) -> NDArray[np.float64] | None:
    line, form = file.values.get("EDGE_WEIGHT_FORMAT", (None, "FULL_MATRIX"))
    heading = file.headings["EDGE_WEIGHT_SECTION"]
    if form != "FULL_MATRIX" and form not in HALVES:
        known = f"Only FULL_MATRIX, {', '.join(HALVES)} are read."
        file.fault("VRPLIB_WEIGHTS", line, f"EDGE_WEIGHT_FORMAT is {form!r}", known)
        return None
    flat = file.numbers("EDGE_WEIGHT_SECTION")
    if flat is None:
        return None
    half, diagonal = HALVES.get(form, ("", 0))
    wanted = count * count if not half else count * (count - 1) // 2 + (count if diagonal == 0 else 0)
    if flat.size != wanted:
        cause = f"EDGE_WEIGHT_SECTION holds {flat.size} numbers, {count} places in {form} need {wanted}"
        file.fault("VRPLIB_COUNT", heading, cause, "Correct the section, EDGE_WEIGHT_FORMAT or DIMENSION.")
        return None
    if not np.isfinite(flat).all() or (flat < 0).any():
        file.fault("VRPLIB_NUMBER", heading, "a weight is negative or not finite", "Give zero or more.")
        return None
    if not half:
        return flat.reshape(count, count)
    table = np.zeros((count, count))
    table[np.tril_indices(count, diagonal) if half == "lower" else np.triu_indices(count, diagonal)] = flat
    return np.maximum(table, table.T)


def _demand(file: Text, count: int) -> NDArray[np.int64] | None:
    found = file.rows("DEMAND_SECTION", count, 1) if _has(file, "DEMAND_SECTION") else None
    if found is None:
        return None
    demand = found[:, 0]
    for place in np.flatnonzero((demand < 0) | (demand != np.floor(demand))).tolist():
        cause = f"the demand of place {place + 1} is {demand[place]:g}"
        file.fault("VRPLIB_DEMAND", file.lines["DEMAND_SECTION", place], cause, "Give a whole number, zero or more.")
    if demand[0] != 0:
        file.fault("VRPLIB_DEMAND", file.lines["DEMAND_SECTION", 0], "the depot has a demand", "Give it 0.")
    return demand.astype(np.int64)


def _depot(file: Text) -> None:
    if "DEPOT_SECTION" not in file.sections:
        return
    numbers = file.numbers("DEPOT_SECTION")
    if numbers is not None and numbers[numbers != -1].tolist() != [1]:
        named = ", ".join(f"{each:g}" for each in numbers[numbers != -1]) or "none"
        cause = f"depots are {named}; one depot, place 1, is read"
        file.fault("VRPLIB_DEPOT", file.headings["DEPOT_SECTION"], cause, "Put the depot first and leave one.")


def _windows(file: Text, count: int, longest: float | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return first and last instant of each place's service, open where the file has none."""
    start, end = np.zeros(count), np.full(count, np.inf)
    if "TIME_WINDOW_SECTION" not in file.sections:
        return start, end
    if longest is not None:
        file.fault("VRPLIB_KEYWORD", file.values["DISTANCE"][0], "DISTANCE and windows come together", "Leave one.")
    found = file.rows("TIME_WINDOW_SECTION", count, 2)
    if found is None:
        return start, end
    for place in np.flatnonzero((found[:, 1] < found[:, 0]) | (found[:, 0] < 0)).tolist():
        cause = f"the window of place {place + 1} is {found[place, 0]:g} to {found[place, 1]:g}"
        at = file.lines["TIME_WINDOW_SECTION", place]
        file.fault("VRPLIB_WINDOW", at, cause, "Give a beginning of zero or more, and no earlier end.")
    return found[:, 0], found[:, 1]


def _service(file: Text, count: int) -> NDArray[np.float64] | None:
    if "SERVICE_TIME_SECTION" in file.sections:
        found = file.rows("SERVICE_TIME_SECTION", count, 1)
        if found is None:
            return None
        for place in np.flatnonzero(found[:, 0] < 0).tolist():
            cause = f"the service of place {place + 1} is {found[place, 0]:g}"
            file.fault("VRPLIB_NUMBER", file.lines["SERVICE_TIME_SECTION", place], cause, "Give zero or more.")
        return found[:, 0]
    everywhere = file.number("SERVICE_TIME") or 0.0
    return np.concatenate(([0.0], np.full(count - 1, everywhere)))
