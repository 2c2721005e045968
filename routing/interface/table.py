"""Read a CSV file into rows of text with line numbers, whatever program wrote it."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from routing.errors import InputError, Issue

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Hold the cells of one line by column name, stripped of blanks around them."""

    where: str
    """`file:line`."""
    cells: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Hold the rows of a file, and the faults of its form that leave the other rows readable."""

    path: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    decimal_comma: bool
    """True where the delimiter leaves the comma free to be a decimal sign, as in some countries."""
    issues: tuple[Issue, ...]


def read_table(
    path: Path,
    *,
    required: Sequence[str],
    optional: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    what: str,
    forms: Sequence[tuple[str, str]] = (),
    content: bytes | None = None,
) -> Table:
    """Read a CSV file: UTF-8 with or without byte order mark, comma, semicolon or tab, blank lines skipped.

    `pairs` are optional columns that come together or not at all. `forms` are regular expressions of further columns,
    each with its partner that must be there too, as `re.Match.expand` tells it, or none. A row has no cells for columns
    that are missing. With `content` the path only names what was read before.

    Raises
    ------
    InputError
        Where the file cannot be read at all or holds no row; other faults come in the table.
    """
    text = _text(path, read_bytes(path, what) if content is None else content)
    known = (*required, *optional)
    delimiter = _sniff(text, known)
    records, fault = _records(text, delimiter)
    if fault is not None:
        line, words = fault
        action = "Close the quote, or remove it; double a quote that belongs to the text."
        raise InputError([Issue(code="CSV_FORMAT", where=f"{path}:{line}", cause=words, action=action)])
    if not records:
        raise InputError([_empty(path, what, known)])
    header = tuple(cell.strip() for cell in records[0][1])
    formed = [(found, partner) for name in header for form, partner in forms if (found := re.fullmatch(form, name))]
    partners = {found.expand(partner) for found, partner in formed if partner}
    known = (
        *known,
        *dict.fromkeys(name for name in (*(found[0] for found, _ in formed), *partners) if name not in known),
    )
    must = {*required, *partners}
    for one, other in pairs:
        must |= {one, other} if (one in header) != (other in header) else set()
    header_issues = _header_issues(path, records[0][0], header, must, known, delimiter)
    if len(records) == 1:
        cause = f"The file has a header but no {what}."
        action = f"Add one line for each {what}."
        header_issues.append(Issue(code="NO_ROWS", where=str(path), cause=cause, action=action))
        raise InputError(header_issues)
    rows, issues = _rows(path, header, records[1:])
    return Table(
        path=str(path),
        columns=header,
        rows=rows,
        decimal_comma=delimiter != ",",
        issues=(*header_issues, *issues),
    )


def in_order(table: Table, issues: Iterable[Issue]) -> list[Issue]:
    """Return faults by line, without those of cells whose whole column is missing: that is one fault already."""

    def line(issue: Issue) -> int:
        digits = issue.where.removeprefix(table.path).split(":")[1:2]
        return int(digits[0]) if digits and digits[0].isdigit() else 0

    kept = (
        issue for issue in issues if issue.code != "VALUE_MISSING" or issue.where.rpartition(":")[2] in table.columns
    )
    return sorted(kept, key=line)


def read_bytes(path: Path, what: str) -> bytes:
    """Return a file's bytes; InputError in words where there is none to read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        cause, action = f"There is no such file ({what}).", "Check the path."
    except IsADirectoryError:
        cause, action = f"This is a folder, not a file ({what}).", "Name the file inside it."
    except OSError as error:
        cause, action = f"The file cannot be read: {error.strerror}.", "Check its permissions."
    raise InputError([Issue(code="FILE_UNREADABLE", where=str(path), cause=cause, action=action)])


def _text(path: Path, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        cause = f"Byte 0x{data[error.start]:02X} is not UTF-8; this is another encoding, or no text."
        action = "Save it as UTF-8 (in spreadsheets: 'CSV UTF-8')."
        raise InputError([Issue(code="FILE_ENCODING", where=f"{path}:{line}", cause=cause, action=action)]) from None
    if "\0" in text:
        cause, action = "The file holds zero bytes, so it is no CSV text.", "Export it as CSV in UTF-8."
        raise InputError([Issue(code="FILE_ENCODING", where=str(path), cause=cause, action=action)])
    return text


def _sniff(text: str, known: Sequence[str]) -> str:
    """Return the delimiter that splits the first line into the most known column names; a comma in doubt."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    names = [{cell.strip().strip('"') for cell in first.split(delimiter)} for delimiter in _DELIMITERS]
    hits = [len(found.intersection(known)) for found in names]
    return list(_DELIMITERS)[hits.index(max(hits))]


def _records(text: str, delimiter: str) -> tuple[list[tuple[int, list[str]]], tuple[int, str] | None]:
    """Return (line, cells) of every record that is not blank; line and words of what ends the reading."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                records.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        return records, (line, f"The line cannot be split into cells: {error}.")
    return records, None


def _empty(path: Path, what: str, known: Sequence[str]) -> Issue:
    action = f"Write a header ({','.join(known)}) and one line for each {what}."
    return Issue(code="FILE_EMPTY", where=str(path), cause="The file is empty.", action=action)


def _header_issues(
    path: Path,
    line: int,
    header: tuple[str, ...],
    must: set[str],
    known: Sequence[str],
    delimiter: str,
) -> list[Issue]:
    where = f"{path}:{line}"
    issues = []
    absent = [name for name in known if name not in header]
    strange = [name for name in header if name not in known]
    meant: dict[str, str] = {}
    header_words = f"; the header, split at each {_DELIMITERS[delimiter]}, has: {', '.join(header)}"
    for name in strange:
        near = difflib.get_close_matches(name.lower().replace(" ", "_"), absent, n=1, cutoff=0.8)
        if near:
            meant[near[0]] = name
    for name in absent:
        if name in meant:
            cause = f"There is no column '{name}', but one called '{meant[name]}'."
            action = f"Rename '{meant[name]}' to '{name}', or to something less alike if it means another thing."
            issues.append(Issue(code="COLUMN_MISSPELT", where=f"{where}:{meant[name]}", cause=cause, action=action))
        elif name in must:
            cause = f"The column '{name}' is missing{header_words}."
            header_words = " too"
            action = f"Add a column '{name}'; the first line must name the columns."
            issues.append(Issue(code="COLUMN_MISSING", where=f"{where}:{name}", cause=cause, action=action))
    for name in dict.fromkeys(name for name in header if name and header.count(name) > 1):
        cause, action = f"The column '{name}' stands {header.count(name)} times.", "Keep one of them."
        issues.append(Issue(code="COLUMN_TWICE", where=f"{where}:{name}", cause=cause, action=action))
    return issues


def _rows(
    path: Path, header: tuple[str, ...], records: list[tuple[int, list[str]]]
) -> tuple[tuple[Row, ...], list[Issue]]:
    rows, issues = [], []
    for line, cells in records:
        where = f"{path}:{line}"
        if any(cell.strip() for cell in cells[len(header) :]):
            cause = f"The line has {len(cells)} cells, the header {len(header)} columns."
            action = "Put cells that hold the delimiter in double quotes, or name the further columns."
            issues.append(Issue(code="ROW_LENGTH", where=where, cause=cause, action=action))
            continue
        padded = [*cells, *[""] * (len(header) - len(cells))]
        pairs = zip(header, padded, strict=False)
        rows.append(Row(where=where, cells={name: cell.strip() for name, cell in pairs if name}))
    return tuple(rows), issues
