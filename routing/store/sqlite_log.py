"""A day's log in one SQLite file.

| table | holds | rule |
|---|---|---|
| events | one row per event, in order | only ever grows; triggers refuse anything else |
| blobs | bytes by name: the road network, each plan's document | only ever grows |
| exports | which version of the plan was exported last, per vehicle | may change; nothing is derived from it |

The log is in write-ahead mode and synchronous: what an append has returned for survives a power cut, and an append
that was cut short leaves no trace. One append wins where two begin at the same place; the other is told.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from routing.errors import ConflictError, InputError, Issue
from routing.events.types import Event
from routing.store.event_codec import event_from_text, event_text

SCHEMA_VERSION = 1
APPLICATION_ID = 0x726F7574
"""`rout` in ASCII: marks the file as ours (SQLite file format, offset 68)."""
WAIT_S = 10.0
"""How long one writer waits for another."""

_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE events (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, known_at_s INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE TABLE blobs (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, bytes BLOB NOT NULL) STRICT;
CREATE TABLE exports (vehicle_id TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT;
CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events never change'); END;
CREATE TRIGGER events_remain BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER blobs_stay BEFORE UPDATE ON blobs BEGIN SELECT RAISE(ABORT, 'blobs never change'); END;
CREATE TRIGGER blobs_remain BEFORE DELETE ON blobs BEGIN SELECT RAISE(ABORT, 'blobs are never deleted'); END;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
COMMIT;
"""


class SqliteLog:
    """Append to and read from one day's file; use it in a `with` block."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def __enter__(self) -> SqliteLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def events(self, *, after: int = 0) -> tuple[Event, ...]:
        """Return the events behind a sequence number, in order; the first has number 1."""
        with self._said_in_words():
            rows = self._connection.execute(
                "SELECT seq, type, body FROM events WHERE seq > ? ORDER BY seq", (after,)
            ).fetchall()
        return tuple(event_from_text(name, body, where=f"{self._path}: event {seq}") for seq, name, body in rows)

    def blob(self, name: str) -> bytes:
        """Return the bytes of a name; InputError where there are none or they are not what was stored."""
        with self._said_in_words():
            row = self._connection.execute("SELECT sha256, bytes FROM blobs WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise InputError([_issue(self._path, "BLOB_MISSING", f"there is no {name} in it", "Restore the file.")])
        try:
            content = zlib.decompress(row[1])
        except zlib.error:
            content = b""
        if hashlib.sha256(content).hexdigest() != row[0]:
            raise InputError([_issue(self._path, "LOG_DAMAGED", f"{name} is damaged", "Restore the file.")])
        return content

    def append(self, events: Sequence[Event], *, expected_seq: int, blobs: Mapping[str, bytes] | None = None) -> int:
        """Append events and bytes together or not at all, and return the number of the last event.

        ConflictError where the log does not end at `expected_seq` any more: somebody else has appended.
        """
        packed = [(name, hashlib.sha256(data).hexdigest(), zlib.compress(data)) for name, data in (blobs or {}).items()]
        with self._said_in_words(), self._transaction():
            last = int(self._connection.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()[0])
            if last != expected_seq:
                raise ConflictError(
                    f"{self._path}: the log has grown from {expected_seq} to {last} events meanwhile; "
                    "nothing was written, run the command again"
                )
            self._connection.executemany(
                "INSERT INTO events VALUES (?, ?, ?, ?, ?)",
                [
                    (last + number, event.id, event.TYPE, event.known_at_s, event_text(event))
                    for number, event in enumerate(events, start=1)
                ],
            )
            self._connection.executemany("INSERT INTO blobs VALUES (?, ?, ?)", packed)
        return last + len(events)

    def exported(self) -> dict[str, int]:
        """Return the version that was exported last, by vehicle id; the whole day stands under the empty id."""
        with self._said_in_words():
            return dict(self._connection.execute("SELECT vehicle_id, version FROM exports").fetchall())

    def note_export(self, vehicle_id: str, version: int) -> None:
        """Remember the version that a vehicle (or, with an empty id, the day) was exported in."""
        with self._said_in_words(), self._transaction():
            self._connection.execute(
                "INSERT INTO exports VALUES (?, ?) ON CONFLICT (vehicle_id) DO UPDATE SET version = excluded.version",
                (vehicle_id, version),
            )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    @contextmanager
    def _said_in_words(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _in_words(self._path, error) from error


def create_log(path: Path, events: Sequence[Event], *, blobs: Mapping[str, bytes]) -> None:
    """Make a new day's file with its first events and bytes; it appears whole or not at all."""
    check_new(path)
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for leftover in _files(partial):
            leftover.unlink(missing_ok=True)
        connection = _connect(partial, "rwc")
        with SqliteLog(connection, path) as log:
            # Kept in the file: whoever opens it later finds it in write-ahead mode.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_SCHEMA)
            log.append(events, expected_seq=0, blobs=blobs)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _name(partial, path)
    except sqlite3.Error as error:
        raise _in_words(path, error) from error
    except OSError as error:
        action = "Name a file in a folder that can be written."
        cause = error.strerror or "it cannot be written"
        raise InputError([_issue(path, "OUTPUT_UNWRITABLE", cause, action)]) from error


def _name(partial: Path, path: Path) -> None:
    """Give a finished file its name; a link refuses to replace a file that somebody has made meanwhile."""
    try:
        path.hardlink_to(partial)
    except FileExistsError:
        raise
    except OSError:
        # A file system without links.
        check_new(path)
        partial.rename(path)
    partial.unlink(missing_ok=True)


def check_new(path: Path) -> None:
    """Refuse a path where something exists."""
    if path.exists():
        action = "Name a new file, or remove the old one yourself: a day's log is never overwritten."
        raise InputError([_issue(path, "FILE_EXISTS", "the file exists already", action)])


def open_log(path: Path, *, read_only: bool = False) -> SqliteLog:
    """Open a day's file; InputError where it is none, or of another version."""
    if not path.is_file():
        action = "Make a day with `routing day new`, or correct the path."
        raise InputError([_issue(path, "FILE_UNREADABLE", "there is no such file", action)])
    try:
        connection = _connect(path, _reading_mode(path) if read_only else "rw")
        if read_only:
            connection.execute("PRAGMA query_only = ON")
    except sqlite3.Error as error:
        raise _in_words(path, error) from error
    try:
        mark = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.Error as error:
        connection.close()
        raise _in_words(path, error) from error
    if mark != APPLICATION_ID or version != SCHEMA_VERSION:
        connection.close()
        if mark != APPLICATION_ID:
            action = "Name a file that `routing day new` has made."
            raise InputError([_issue(path, "NOT_A_DAY", "it is a database, but not the log of a day", action)])
        cause = f"its format has the version {version}, this program knows {SCHEMA_VERSION}"
        raise InputError([_issue(path, "DAY_VERSION", cause, "Open it with the version of `routing` that made it.")])
    return SqliteLog(connection, path)


def _reading_mode(path: Path) -> str:
    """Return how to open a file for reading: writable where possible, for only then are helper files cleared away."""
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return "rw"
    return "ro" if path.with_name(f"{path.name}-wal").exists() else "ro&immutable=1"


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, timeout=WAIT_S, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _files(path: Path) -> tuple[Path, ...]:
    return (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm"))


def _in_words(path: Path, error: sqlite3.Error) -> InputError | ConflictError:
    text = str(error)
    if "not a database" in text or "malformed" in text or "disk image" in text:
        action = "Name a file that `routing day new` has made, or restore it."
        return InputError([_issue(path, "NOT_A_DAY", "it is not the log of a day, or it is damaged", action)])
    if "locked" in text or "busy" in text:
        return ConflictError(f"{path}: another command is writing to it; nothing was written, run this one again")
    if "readonly" in text or "unable to open" in text:
        action = "Check the permissions of the file and of its folder."
        return InputError([_issue(path, "FILE_UNREADABLE", f"it cannot be opened: {text}", action)])
    if "UNIQUE" in text:
        action = "Send each event once, with an id of its own."
        return InputError([_issue(path, "EVENT_ID_REUSED", f"the log holds it already ({text})", action)])
    return InputError([_issue(path, "LOG_UNWRITABLE", f"the database says: {text}", "Check the disk's free space.")])


def _issue(path: Path, code: str, cause: str, action: str) -> Issue:
    return Issue(code=code, where=str(path), cause=cause, action=action)
