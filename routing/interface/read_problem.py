"""Read `problem.json`: every fault at once, or a document that can become a problem."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from routing.errors import InputError, Issue
from routing.interface.document_faults import field_issue, meant
from routing.interface.problem_from_document import problem_from_document
from routing.interface.problem_schema import ProblemDocument
from routing.interface.table import read_bytes
from routing.problem.model import Problem

_PLACE_FIELDS = (("vehicles", "start_place"), ("vehicles", "end_place"), ("depots", "place"), ("stops", "place"))
_OWN_PLACE = ("depots", "stops")
"""Where no place is named these are at the place with their own id."""


def read_problem(path: Path | str) -> Problem:
    """Read a problem.json that holds matrices; InputError with every fault of the file."""
    return problem_from_document(read_problem_document(path))


def read_problem_document(path: Path | str) -> ProblemDocument:
    """Read a problem.json; InputError with every fault and the path of its field."""
    return parse_problem_document(read_bytes(Path(path), "problem"), name=str(path))


def parse_problem_document(content: bytes, *, name: str = "problem.json") -> ProblemDocument:
    """Read the bytes of a problem.json; `name` stands in front of each fault's place."""
    twice: list[str] = []
    try:
        raw = json.loads(content.decode("utf-8-sig"), object_pairs_hook=lambda pairs: _once(pairs, twice))
    except (ValueError, RecursionError) as error:  # of JSON and of UTF-8 alike
        action = "Write one JSON object, see problem.schema.json."
        raise InputError(
            [Issue(code="PROBLEM_NOT_JSON", where=name, cause=f"this is no JSON: {error}", action=action)]
        ) from None
    issues = [
        Issue(
            code="PROBLEM_FIELD_TWICE",
            where=name,
            cause=f"the field {field!r} stands twice in one object",
            action="Keep one of them.",
        )
        for field in twice
    ]
    document = None
    try:
        document = ProblemDocument.model_validate_json(content.removeprefix(b"\xef\xbb\xbf"))
    except ValidationError as error:
        faults = error.errors(include_url=False)
        issues += [field_issue(ProblemDocument, fault, name, "PROBLEM") for fault in faults]
    if isinstance(raw, dict):
        issues += _place_issues(raw, name)
        issues += _matrix_issues(raw, name)
    if issues or document is None:
        raise InputError(issues)
    return document


def _once(pairs: list[tuple[str, object]], twice: list[str]) -> dict[str, object]:
    names = [name for name, _ in pairs]
    twice += sorted({name for name in names if names.count(name) > 1}) if len(names) > len(set(names)) else []
    return dict(pairs)


def _rows(raw: Mapping[str, object], part: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    found = raw.get(part)
    for number, row in enumerate(found if isinstance(found, list) else ()):
        if isinstance(row, dict):
            yield number, row


def _place_issues(raw: Mapping[str, object], name: str) -> Iterator[Issue]:
    """Yield places that come twice, and names of places that there are not."""
    ids: dict[object, int] = {}
    for number, place in _rows(raw, "places"):
        own = place.get("id")
        if isinstance(own, str) and own in ids:
            cause = f"{own!r} is already the id of places[{ids[own]}]"
            where = f"{name}: places[{number}].id"
            yield Issue(code="DUPLICATE_ID", where=where, cause=cause, action="Give each place its own id.")
        elif isinstance(own, str):
            ids[own] = number
    known = [str(own) for own in ids]
    for part, field in _PLACE_FIELDS:
        for number, row in _rows(raw, part):
            wanted = row.get(field)
            implied = wanted is None and part in _OWN_PLACE
            if implied:
                wanted = row.get("id")
            if isinstance(wanted, str) and wanted not in ids:
                cause = f"there is no place {wanted!r}" + (", and no other is named" if implied else "")
                where = f"{name}: {part}[{number}].{field}"
                yield Issue(code="PROBLEM_PLACE", where=where, cause=cause, action=meant(wanted, known))


def _matrix_issues(raw: Mapping[str, object], name: str) -> Iterator[Issue]:
    """Yield tables of another size than the places, holes that do not agree, and slices that cannot be told apart."""
    places = raw.get("places")
    count = len(places) if isinstance(places, list) else 0
    starts: dict[object, list[object]] = {}
    for number, row in _rows(raw, "matrices"):
        where = f"{name}: matrices[{number}]"
        holes = []
        for field in ("durations_s", "distances_m"):
            table = row.get(field)
            if not isinstance(table, list):
                continue
            sizes = {len(line) for line in table if isinstance(line, list)}
            if len(table) != count or sizes - {count}:
                cause = f"it has {len(table)} rows of {_either(sizes)} for {count} places"
                action = "Give one row and one column per place, in their order."
                yield Issue(code="MATRIX_SHAPE", where=f"{where}.{field}", cause=cause, action=action)
            else:
                holes.append([[cell is None for cell in line] for line in table if isinstance(line, list)])
        if len(holes) == 2 and holes[0] != holes[1]:
            cause = "durations_s and distances_m are null between different places"
            action = "Write null in both where no road leads, and numbers in both elsewhere."
            yield Issue(code="MATRIX_HOLES", where=where, cause=cause, action=action)
        profile = row.get("profile")
        if profile is None or isinstance(profile, str):
            starts.setdefault(profile, []).append(row.get("start"))
    for profile, found in starts.items():
        if len(found) > 1 and None in found:
            cause = f"there are {len(found)} matrices for {profile or 'all vehicles'}, and not each says when it begins"
            action = "Give each a start, or a profile of its own."
            yield Issue(code="SLICES", where=f"{name}: matrices", cause=cause, action=action)
    if starts and None not in starts:
        cause = "each matrix is for one profile, and none for all other vehicles"
        action = "Leave the profile of one of them out."
        yield Issue(code="MATRIX_MISSING", where=f"{name}: matrices", cause=cause, action=action)


def _either(sizes: Sequence[int] | set[int]) -> str:
    return " or ".join(str(size) for size in sorted(sizes)) or "nothing"
