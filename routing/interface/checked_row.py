"""Check one row against a pydantic model and say each fault in the words of the file it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from routing.errors import Issue

LATITUDE = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
LONGITUDE = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
UNITS = Annotated[int, Field(ge=0, le=1_000_000_000)]
"""Units of load; the bound keeps every sum of loads far inside 64 bits."""
IDENTIFIER = Annotated[str, Field(min_length=1, max_length=200)]

_CURES = {
    "stop_id": "Give every stop an id of its own.",
    "vehicle_id": "Give every vehicle an id of its own.",
    "lat_deg": "Write degrees north, -90 to 90, such as 43.7384; longitudes go into the other column.",
    "lon_deg": "Write degrees east, -180 to 180, such as 7.4246.",
    "service_s": "Write whole seconds at the door, 0 to 86400, such as 120.",
    "service_by_type": "Write seconds by type of vehicle, such as truck=600; bike=300.",
    "vehicle_fees": "Write cents by vehicle, such as van-1=300; van-2=50.",
    "split_taken": "Write yes or no.",
    "allowed": "Write yes or no.",
    "lifo": "Write yes or no.",
    "pickups_last": "Write yes or no.",
    "open_start": "Write yes or no.",
    "open_end": "Write yes or no.",
    "start_fixed": "Write yes or no.",
    "shipment_role": "Write pickup at the stop where the goods are taken, delivery at the one where they go.",
    "driving_rules": "Write one of them; other figures stand in problem.json.",
    "load": "Write whole units of load, 0 or more; the same unit as the vehicles' capacity.",
    "capacity": "Write whole units of load, 0 or more; the same unit as the stops' load.",
    "approach": "Write right, left, curb (the side on which the country drives) or either.",
    "attempts": "Write how many visits failed on earlier days, 0 or more.",
    "priority": "Write a whole number from 0 to 100; higher is served first.",
    "_s": "Write whole seconds, 0 or more.",
    "_m": "Write whole metres, 0 or more.",
    "_cents": "Write whole cents, 0 or more.",
    "_per_h": "Write whole cents an hour, 0 or more.",
    "_per_km": "Write whole cents a kilometre, 0 or more.",
    "_per_min": "Write whole cents a minute, 0 or more.",
    "_limit": "Write a whole number, 0 or more.",
}

_Model = TypeVar("_Model", bound="RowModel")


class RowModel(BaseModel):
    """Take a row's cells as text or as JSON values; an empty cell counts as absent."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True, coerce_numbers_to_str=True)


def check_row(
    model: type[_Model], cells: Mapping[str, object], where: str, *, decimal_comma: bool = False
) -> tuple[_Model | None, list[Issue]]:
    """Return the row as the model, or None and one Issue for each faulty cell."""
    present = {
        name: str(value) if isinstance(value, bool) else value
        for name, value in cells.items()
        if value is not None and value != ""
    }
    if decimal_comma:
        for name, value in present.items():
            if name.endswith("_deg") and isinstance(value, str) and value.count(",") == 1:
                present[name] = value.replace(",", ".")
    try:
        return model.model_validate(present), []
    except ValidationError as error:
        return None, [_issue(detail, cells, where) for detail in error.errors(include_url=False)]


def shared_fields(model: BaseModel, kind: type) -> dict[str, Any]:
    """Return what a checked model has under the same names as a type of the domain."""
    return {field.name: getattr(model, field.name) for field in fields(kind) if field.name in type(model).model_fields}


def cell_text(value: object) -> str:
    """Return a cell, given as text or as a JSON value, as text without spaces around it."""
    return "" if value is None else str(value).strip()


def _issue(detail: ErrorDetails, cells: Mapping[str, object], where: str) -> Issue:
    column = str(detail["loc"][0]) if detail["loc"] else ""
    code, cause = _describe(detail, cells.get(column))
    cure = next((text for name, text in _CURES.items() if column.endswith(name)), "Correct the cell.")
    return Issue(code=code, where=f"{where}:{column}", cause=cause, action=cure)


def _describe(detail: ErrorDetails, value: object) -> tuple[str, str]:
    kind, limits = detail["type"], detail.get("ctx", {})
    if kind in ("missing", "string_too_short"):
        return "VALUE_MISSING", "The cell is empty."
    if kind == "greater_than_equal":
        negative = "negative" if limits["ge"] == 0 else f"below {limits['ge']}"
        return "NUMBER_RANGE", f"{value} is {negative}."
    if kind == "less_than_equal":
        return "NUMBER_RANGE", f"{value} is above {limits['le']}."
    if kind == "finite_number":
        return "NOT_A_NUMBER", f"{value!r} is no finite number."
    if kind.startswith(("int_parsing", "int_from_float", "int_type")):
        return "NOT_A_NUMBER", f"{value!r} is not a whole number."
    if kind.startswith("float_"):
        return "NOT_A_NUMBER", f"{value!r} is not a number."
    if kind == "string_too_long":
        return "TEXT_TOO_LONG", f"The text is longer than {limits['max_length']} characters."
    if kind == "literal_error":
        return "VALUE_UNKNOWN", f"{value!r} is not known here, where {limits['expected']} can be told."
    if kind == "bool_parsing":
        return "VALUE_UNKNOWN", f"{value!r} is neither yes nor no."
    return "VALUE_INVALID", f"{value!r}: {detail['msg'].removeprefix('Value error, ')}."
