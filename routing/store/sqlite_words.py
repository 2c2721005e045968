"""Say in words what SQLite reports by number (https://www.sqlite.org/rescode.html)."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from routing.errors import ConflictError, InputError, Issue

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_SHUT = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
RESTORE = "Restore the file from a copy."


def issue(path: Path, code: str, cause: str, action: str) -> Issue:
    """State one fault of a day's file."""
    return Issue(code=code, where=str(path), cause=cause, action=action)


def in_words(path: Path, error: sqlite3.Error) -> InputError | ConflictError:
    """Return the error of this package that stands for one of SQLite."""
    # An error of Python's own part, such as text that is no UTF-8, has no number.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    kind = code & 0xFF
    if kind in _BUSY:
        return ConflictError(f"{path}: another command is writing to it; nothing was written, run this one again")
    return InputError([_fault(path, kind, str(error))])


def _fault(path: Path, kind: int, text: str) -> Issue:
    if kind == sqlite3.SQLITE_NOTADB:
        action = "Name a file that `routing day new` has made, or restore it."
        return issue(path, "NOT_A_DAY", "it is not the log of a day, or its beginning is damaged", action)
    if kind in _SHUT:
        action = "Check the permissions of the file and of its folder."
        return issue(path, "FILE_UNREADABLE", f"it cannot be opened: {text}", action)
    if kind == sqlite3.SQLITE_CONSTRAINT:
        action = "Send each event once, with an id of its own."
        return issue(path, "EVENT_ID_REUSED", f"the log holds it already ({text})", action)
    if kind == sqlite3.SQLITE_FULL:
        action = "Make room, then send the events again; all that was acknowledged before is there."
        return issue(path, "DISK_FULL", "no space is left beside it; nothing was written", action)
    if kind == sqlite3.SQLITE_IOERR:
        # The disk may hold what it said it could not write: an append is known to be there once it is acknowledged.
        cause = f"it could not be read or written ({text}); whether the last append was kept shows when it is read anew"
        action = "Check the disk, its free space and quota, then send the events again: each counts once."
        return issue(path, "LOG_UNWRITABLE", cause, action)
    return issue(path, "LOG_DAMAGED", f"the database says: {text}", RESTORE)
