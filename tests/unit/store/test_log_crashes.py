"""The log holds: killed, out of space, written by two at once, it keeps each append that it has acknowledged."""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import log_child
import pytest
from log_crashes import begin, child, judge, run, start, traced, why_not_traced

from routing.errors import InputError
from routing.store.event_codec import event_text
from routing.store.sqlite_log import create_log, open_log

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills and limits as Linux has them")

MAKING = [("pwrite64", 35), ("fdatasync", 6), ("link", 1), ("fsync", 1)]
"""Calls, by number, at which a process is killed that makes a day, and one that appends twice to a day. Each is killed
before the call is done; `tests/benchmarks/store_crashes.py` goes through all calls."""
APPENDING = [("pwrite64", 10), ("pwrite64", 28), ("pwrite64", 40), ("fdatasync", 2), ("fdatasync", 4), ("ftruncate", 2)]
STATEMENTS = [9, 28, 33, 37]
"""Statements of SQL before which it kills itself, where nothing can be traced."""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "day.db"


def test_the_store_loads_nothing_that_compiles_or_searches():
    code = "import sys, routing.store.sqlite_log; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = set(run([sys.executable, "-c", code]).stdout.split())
    assert "routing" in loaded
    assert loaded & {"numba", "ortools", "scipy", "shapely", "osmium", "networkx"} == set()


@pytest.mark.parametrize(
    ("was", "call", "number"), [*((0, *moment) for moment in MAKING), *((1, *moment) for moment in APPENDING)]
)
def test_a_kill_at_a_write_or_a_sync_loses_nothing_that_was_acknowledged(path, was, call, number):
    if reason := why_not_traced(path.parent):
        pytest.skip(reason)
    if was:
        begin(path, was)
    ended = run(traced(path, "write", path, 2, inject=f"{call}:signal=KILL:when={number}"))
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    judge(path, ended.stdout, was=was)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_kill_at_a_statement_loses_nothing_that_was_acknowledged(path, statement):
    ended = run(child("write", path, 2, "die", statement))
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    judge(path, ended.stdout)


def test_kills_at_any_moment_lose_nothing_that_was_acknowledged(path):
    begin(path, 1)
    was, chance = 1, random.Random(0)
    for _ in range(3):
        process = start(child("write", path, 10_000))
        first = process.stdout.readline()
        time.sleep(chance.random() / 20)
        process.kill()
        was = 1 + judge(path, first + process.communicate()[0], was=was)


def test_a_full_disk_is_told_and_loses_nothing_that_was_acknowledged(path):
    ended = run(child("write", path, 100, "limit", 300_000))
    assert ended.stdout.splitlines()[-1].startswith("told: 1 fault in the input LOG_UNWRITABLE"), ended.stderr
    # Here it has room again.
    assert judge(path, ended.stdout) > 10


def test_a_full_file_system_is_told_and_loses_nothing_that_was_acknowledged(path):
    # Mounted where only the child sees it, and copied out at its end.
    disk = path.parent / "disk"
    disk.mkdir()
    command = [sys.executable, str(log_child.__file__), "write", str(disk / "day.db"), "100"]
    mounted = 'mount -t tmpfs -o size=400k tmpfs "$0" && { "$@"; cp "$0"/day.db* "$0"/..; }'
    unshared = ["unshare", "--mount", "--map-root-user", "sh", "-c", mounted, str(disk), *command]
    if shutil.which("unshare") is None or run([*unshared[:5], 'mount -t tmpfs tmpfs "$0"', str(disk)]).returncode:
        pytest.skip("no file system can be mounted here")
    ended = run(unshared)
    said = ended.stdout.splitlines()[-1]
    assert said.startswith("told: 1 fault in the input DISK_FULL"), ended.stderr
    assert "nothing was written" in said
    assert judge(path, ended.stdout) > 10


def test_a_day_that_finds_no_room_leaves_nothing_behind(path):
    ended = run(child("write", path, 1, "limit", 20_000))
    assert "made" not in ended.stdout
    assert list(path.parent.iterdir()) == []


def test_a_failed_sync_is_told_and_the_log_goes_on(path):
    if reason := why_not_traced(path.parent):
        pytest.skip(reason)
    begin(path, 1)
    # The third is the one of its COMMIT.
    ended = run(traced(path, "write", path, 2, inject="fdatasync:error=EIO:when=3"))
    assert [line.split(":")[0] for line in ended.stdout.splitlines()] == ["told", "2", "3"], ended.stderr
    assert "whether the last append was kept shows when it is read anew" in ended.stdout
    assert judge(path, ended.stdout, was=1) == 3


def test_of_two_processes_that_write_at_once_neither_loses_nor_doubles_an_event(path):
    create_log(path, [log_child.DAY], blobs={})
    writers = {name: start(child("race", path, 100, name)) for name in ("a", "b")}
    printed = {name: writer.communicate()[0].splitlines() for name, writer in writers.items()}
    with open_log(path) as log:
        ids = [event.id for event in log.events()[1:]]
    assert len(ids) == 200
    for name, lines in printed.items():
        mine = [f"{name}-{number}" for number in range(100)]
        assert [key for key in ids if key.startswith(name)] == mine
        assert [line for line in lines if line != "conflict"] == mine
    assert any("conflict" in lines for lines in printed.values())


def test_a_reader_that_stays_hinders_no_append(path):
    begin(path, 1)
    with closing(sqlite3.connect(path)) as reader, open_log(path) as log:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM events").fetchone() == (3,)
        events, blobs = log_child.together(2)
        assert log.append(events, expected_seq=3, blobs=blobs) == 5
        assert path.with_name("day.db-wal").stat().st_size > 0
        reader.execute("COMMIT")
        events, blobs = log_child.together(3)
        assert log.append(events, expected_seq=5, blobs=blobs) == 7
        # Between two appends the file alone is the whole day.
        copy = shutil.copy(path, path.with_name("copy.db"))
        assert path.with_name("day.db-wal").stat().st_size == 0
    with open_log(path.with_name(copy.name)) as log:
        assert log.events() == log_child.whole(3)


def test_a_file_that_was_moved_away_is_not_written_to(path):
    begin(path, 1)
    with open_log(path) as log:
        path.rename(path.with_name("moved.db"))
        with pytest.raises(InputError, match="LOG_MOVED"):
            log.append([log_child.cancelled("lost")], expected_seq=3)


def test_in_a_folder_that_cannot_be_written_a_day_is_read_and_an_append_refused():
    code = f"""
import os, pathlib, sys
sys.path.insert(0, {str(Path(log_child.__file__).parent)!r})
from log_child import whole
from routing.errors import InputError
from routing.store.sqlite_log import create_log, open_log
day = pathlib.Path(sys.argv[1])
if os.geteuid() == 0:
    with open_log(day, read_only=True) as log:
        log.events()  # loads what somebody else may not be allowed to load
    os.setuid(65534)
with open_log(day, read_only=True) as log:
    print(log.events() == whole(1))
for attempt in (lambda: open_log(day), lambda: create_log(day.with_name("new.db"), [], blobs={{}})):
    try:
        attempt()
    except InputError as error:
        print(error.issues[0].code)
"""
    # Below no folder that is closed to others, for who runs this may be one that nothing is closed to.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "day.db"
        begin(path, 1)
        path.chmod(0o444)
        folder.chmod(0o555)
        ended = run([sys.executable, "-c", code, str(path)])
        folder.chmod(0o755)
        assert [each.name for each in folder.iterdir()] == ["day.db"]
    assert ended.stdout.split() == ["True", "FILE_UNREADABLE", "FILE_UNREADABLE"], ended.stderr


def test_a_log_without_digests_is_read_and_goes_on_without(path):
    # A file as the first version made it.
    with closing(sqlite3.connect(path)) as old:
        old.executescript(
            """
            PRAGMA journal_mode = WAL;
            CREATE TABLE events (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL,
                known_at_s INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
            CREATE TABLE blobs (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, bytes BLOB NOT NULL) STRICT;
            PRAGMA application_id = 1919907188;
            PRAGMA user_version = 1;
            """
        )
        old.execute("INSERT INTO events VALUES (1, 'routing:day', 'day_started', 0, ?)", (event_text(log_child.DAY),))
        old.commit()
    events, blobs = log_child.together(1)
    with open_log(path) as log:
        assert log.append(events, expected_seq=1, blobs=blobs) == 3
    with open_log(path, read_only=True) as log:
        assert log.events() == log_child.whole(1)
