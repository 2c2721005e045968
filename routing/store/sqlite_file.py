"""The file of a day's log: how it is laid out, opened, named."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

APPLICATION_ID = 0x726F7574
"""`rout` in ASCII: marks the file as ours (SQLite file format, offset 68)."""
SCHEMA_VERSION = 2
UNSEALED_VERSION = 1
"""Files of this version have no digests of their events; they are read and written as they are."""
WAIT_S = 10.0
"""How long one writer waits for another."""

SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE events (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, known_at_s INTEGER NOT NULL,
    body TEXT NOT NULL, sha256 BLOB NOT NULL
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


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """Return a connection that waits for other writers and writes through to the disk."""
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, timeout=WAIT_S, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    # macOS needs more than fsync; elsewhere these change nothing.
    connection.execute("PRAGMA fullfsync = ON")
    connection.execute("PRAGMA checkpoint_fullfsync = ON")
    return connection


def reading_mode(path: Path) -> str:
    """Return how to open a file for reading: writable where possible, for only then are helper files cleared away."""
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return "rw"
    wal, shm = helper_files(path)
    if shm.exists() or (wal.exists() and wal.stat().st_size > 0):
        return "ro"
    # Nobody has it open: neither locks nor helper files are needed.
    return "ro&immutable=1"


def helper_files(path: Path) -> tuple[Path, Path]:
    """Return the names of SQLite's write-ahead log and of its index beside a file."""
    return path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def name_file(partial: Path, path: Path) -> None:
    """Give a finished file its name for good; FileExistsError where somebody has made one of that name meanwhile."""
    try:
        path.hardlink_to(partial)
    except FileExistsError:
        raise
    except OSError as error:
        # A file system without links.
        if path.exists():
            raise FileExistsError(error.errno, "the file exists already", str(path)) from error
        partial.rename(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Write a folder's names through to the disk, where folders can be opened."""
    if os.name != "posix":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
