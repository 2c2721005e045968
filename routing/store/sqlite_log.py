"""A day's log in one SQLite file.

| table | holds | rule |
|---|---|---|
| events | one row per event, in order, with a digest of its own | only ever grows; triggers refuse anything else |
| blobs | bytes by name: the road network, each plan's document | only ever grows |
| exports | which version of the plan was exported last, per vehicle | may change; nothing is derived from it |

What an append has returned for is there after a kill or a power cut, as long as the disk keeps what it says it has
written; an append that was cut short is there whole or leaves no trace. One append wins where two begin at the same
place; the other is told.

How that comes about: the file is in write-ahead mode and synchronous FULL, so an append is on the disk before COMMIT
returns, with a checksum for each page (https://www.sqlite.org/walformat.html). But SQLite takes a page of the
write-ahead log that does not fit its checksum for the end of that log, and goes on without it and all behind it: it
cannot tell damage from an append that was cut short. Hence each append is carried over into the database before it
is acknowledged, and the write-ahead log emptied; what can be torn there was never acknowledged, and between two
appends the one file is the whole day. The database's own pages have no checksums, so each event and each of the blobs
has a digest, and the events are counted against the index of their ids: what was damaged is refused in words.

The file must not lie on a network drive, which write-ahead mode does not allow (https://www.sqlite.org/wal.html).
"""

from __future__ import annotations

import gc
import hashlib
import os
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

from routing.errors import ConflictError, InputError, Issue
from routing.events.types import Event
from routing.store.event_codec import event_from_text, event_text
from routing.store.sqlite_file import (
    APPLICATION_ID,
    SCHEMA,
    SCHEMA_VERSION,
    UNSEALED_VERSION,
    WAIT_S,
    connect,
    helper_files,
    name_file,
    reading_mode,
)
from routing.store.sqlite_words import RESTORE, in_words, issue

SETTLE_WAIT_S = 0.25
"""How long an append waits for readers before it leaves the write-ahead log to the next one."""


class SqliteLog:
    """Append to and read from one day's file; use it in a `with` block."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, sealed: bool = True) -> None:
        self._connection = connection
        self._path = path
        self._sealed = sealed
        self._file = _identity(path)

    def __enter__(self) -> SqliteLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def events(self, *, after: int = 0) -> tuple[Event, ...]:
        """Return the events behind a sequence number, in order; the first has number 1.

        InputError (`LOG_DAMAGED`) with every event that is missing or is not what was appended.
        """
        columns = f"seq, id, type, known_at_s, body, {'sha256' if self._sealed else 'NULL'}"
        with self._said_in_words(), self._transaction("BEGIN"):
            rows = self._connection.execute(
                f"SELECT {columns} FROM events WHERE seq > ? ORDER BY seq", (after,)
            ).fetchall()
            # The index of the ids stands on other pages than the events.
            count = "SELECT count(*) FROM events INDEXED BY sqlite_autoindex_events_1"
            last = int(self._connection.execute(count).fetchone()[0])
        damaged = [seq for seq, *row, digest in rows if self._sealed and digest != _digest(seq, *row)]
        missing = {*range(after + 1, last + 1)} ^ {row[0] for row in rows}
        issues = [self._damage(f"event {seq} is not what was appended") for seq in damaged]
        issues += [self._damage(f"event {seq} is missing, or not in its index") for seq in sorted(missing)]
        if issues:
            raise InputError(issues)
        with _no_collection():
            return tuple(
                event_from_text(name, body, where=f"{self._path}: event {seq}") for seq, _, name, _, body, _ in rows
            )

    def blob(self, name: str) -> bytes:
        """Return the bytes of a name; InputError where there are none or they are not what was stored."""
        with self._said_in_words():
            row = self._connection.execute("SELECT sha256, bytes FROM blobs WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise InputError([issue(self._path, "BLOB_MISSING", f"there is no {name} in it", RESTORE)])
        try:
            content = zlib.decompress(row[1])
        except zlib.error:
            content = b""
        if hashlib.sha256(content).hexdigest() != row[0]:
            raise InputError([self._damage(f"{name} is not what was stored")])
        return content

    def append(self, events: Sequence[Event], *, expected_seq: int, blobs: Mapping[str, bytes] | None = None) -> int:
        """Append events and bytes together or not at all, and return the number of the last event.

        ConflictError where the log does not end at `expected_seq` any more: somebody else has appended.
        """
        packed = [(name, hashlib.sha256(data).hexdigest(), zlib.compress(data)) for name, data in (blobs or {}).items()]
        rows = [
            (seq, event.id, event.TYPE, event.known_at_s, event_text(event))
            for seq, event in enumerate(events, start=expected_seq + 1)
        ]
        sealed = [(*row, _digest(*row)) if self._sealed else row for row in rows]
        self._check_place()
        with self._said_in_words():
            with self._transaction("BEGIN IMMEDIATE"):
                last = int(self._connection.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()[0])
                if last != expected_seq:
                    raise ConflictError(
                        f"{self._path}: the log has grown from {expected_seq} to {last} events meanwhile; "
                        "nothing was written, run the command again"
                    )
                places = ", ".join("?" * (6 if self._sealed else 5))
                self._connection.executemany(f"INSERT INTO events VALUES ({places})", sealed)
                self._connection.executemany("INSERT INTO blobs VALUES (?, ?, ?)", packed)
            self._settle()
        return expected_seq + len(rows)

    def exported(self) -> dict[str, int]:
        """Return the version that was exported last, by vehicle id; the whole day stands under the empty id."""
        with self._said_in_words():
            return dict(self._connection.execute("SELECT vehicle_id, version FROM exports").fetchall())

    def note_export(self, vehicle_id: str, version: int) -> None:
        """Remember the version that a vehicle (or, with an empty id, the day) was exported in."""
        with self._said_in_words(), self._transaction("BEGIN IMMEDIATE"):
            self._connection.execute(
                "INSERT INTO exports VALUES (?, ?) ON CONFLICT (vehicle_id) DO UPDATE SET version = excluded.version",
                (vehicle_id, version),
            )

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        self._connection.execute(begin)
        try:
            yield
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _settle(self) -> None:
        """Carry what was appended from the write-ahead log into the database, and empty the log.

        The append is on the disk already: where a reader or a full disk hinders it, the next append does it.
        """
        with suppress(sqlite3.Error):
            self._connection.execute(f"PRAGMA busy_timeout = {round(SETTLE_WAIT_S * 1000)}")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self._connection.execute(f"PRAGMA busy_timeout = {round(WAIT_S * 1000)}")

    def _check_place(self) -> None:
        """Refuse to write into a file that is not found under its name any more: nobody would read it there."""
        if _identity(self._path) != self._file:
            cause = "it was moved, replaced or deleted while it was open; nothing was written"
            raise InputError([issue(self._path, "LOG_MOVED", cause, "Put it back and run the command again.")])

    def _damage(self, cause: str) -> Issue:
        return issue(self._path, "LOG_DAMAGED", cause, RESTORE)

    @contextmanager
    def _said_in_words(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise in_words(self._path, error) from error


def create_log(path: Path, events: Sequence[Event], *, blobs: Mapping[str, bytes]) -> None:
    """Make a new day's file with its first events and bytes; it appears whole or not at all."""
    check_new(path)
    # One of its own for each process: two that make the same day do not meet before the name is given.
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear(partial)
        connection = connect(partial, "rwc")
        with SqliteLog(connection, path) as log:
            # Kept in the file: whoever opens it later finds it in write-ahead mode.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(SCHEMA)
            log.append(events, expected_seq=0, blobs=blobs)
            # Once more, and this time a full disk is told of: the file goes on without its write-ahead log.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        name_file(partial, path)
    except FileExistsError as error:
        raise _exists(path) from error
    except sqlite3.Error as error:
        raise in_words(path, error) from error
    except OSError as error:
        action = "Name a file in a folder that can be written, with room for it."
        cause = error.strerror or "it cannot be written"
        raise InputError([issue(path, "OUTPUT_UNWRITABLE", cause, action)]) from error
    finally:
        with suppress(OSError):
            _clear(partial)


def check_new(path: Path) -> None:
    """Refuse a path where something exists."""
    if path.exists():
        raise _exists(path)


def open_log(path: Path, *, read_only: bool = False) -> SqliteLog:
    """Open a day's file; InputError where it is none, or of another version."""
    if not path.is_file():
        action = "Make a day with `routing day new`, or correct the path."
        cause = "it is a folder, not a file" if path.is_dir() else "there is no such file"
        raise InputError([issue(path, "FILE_UNREADABLE", cause, action)])
    try:
        connection = connect(path, reading_mode(path) if read_only else "rw")
        if read_only:
            connection.execute("PRAGMA query_only = ON")
    except sqlite3.Error as error:
        raise in_words(path, error) from error
    try:
        mark = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.Error as error:
        connection.close()
        raise in_words(path, error) from error
    if mark != APPLICATION_ID or version not in (UNSEALED_VERSION, SCHEMA_VERSION):
        connection.close()
        if mark != APPLICATION_ID:
            action = "Name a file that `routing day new` has made."
            raise InputError([issue(path, "NOT_A_DAY", "it is a database, but not the log of a day", action)])
        cause = f"its format has the version {version}, this program knows {UNSEALED_VERSION} and {SCHEMA_VERSION}"
        raise InputError([issue(path, "DAY_VERSION", cause, "Open it with the version of `routing` that made it.")])
    return SqliteLog(connection, path, sealed=version != UNSEALED_VERSION)


def _exists(path: Path) -> InputError:
    action = "Name a new file, or remove the old one yourself: a day's log is never overwritten."
    return InputError([issue(path, "FILE_EXISTS", "the file exists already", action)])


def _clear(partial: Path) -> None:
    for each in (partial, *helper_files(partial)):
        each.unlink(missing_ok=True)


def _digest(seq: int, key: str, name: str, known_at_s: int, body: str) -> bytes:
    return hashlib.sha256(f"{seq}\n{key}\n{name}\n{known_at_s}\n{body}".encode()).digest()


@contextmanager
def _no_collection() -> Iterator[None]:
    """Make many objects that all stay without looking for garbage among them: a third of the time of a long log."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another one of the same name; None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
