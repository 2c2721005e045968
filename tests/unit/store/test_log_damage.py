"""A torn or damaged page is never taken for a shorter day: all that was acknowledged is read, or a fault is told."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

import log_child
import pytest
from log_crashes import begin

from routing.errors import InputError
from routing.store.sqlite_log import SqliteLog, open_log

APPENDS = 6
PAGE = 4_096
TOLD = {"LOG_DAMAGED", "NOT_A_DAY", "DAY_VERSION", "BLOB_MISSING"}


def read(path):
    """Return how many appends a log holds, whole; or the codes of what is told instead."""
    try:
        with open_log(path) as log:
            events = log.events()
            assert events == log_child.whole(len(events) // 2)
            assert log.blob("network") == b"roads" * 1000
            for number in range(1, len(events) // 2 + 1):
                assert log.blob(f"plan/{number}") == log_child.document(number)
            return len(events) // 2
    except InputError as error:
        return {issue.code if issue.cause and issue.action else "SILENT" for issue in error.issues}


def zeroed(content, at):
    return content[:at] + bytes(min(512, len(content) - at)) + content[at + 512 :]


def scrambled(content, at):
    return content[:at] + random.Random(at).randbytes(min(512, len(content) - at)) + content[at + 512 :]


def flipped(content, at):
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def cut(content, at):
    return content[:at]


DAMAGE = (zeroed, scrambled, flipped, cut)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    path = tmp_path_factory.mktemp("whole") / "day.db"
    begin(path, APPENDS)
    return path.read_bytes()


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_to_the_file_is_told_or_does_not_touch_what_is_read(tmp_path, whole, damage):
    path = tmp_path / "day.db"
    found = []
    # One place in each page, another one in each, and the torn last page.
    for page in range(len(whole) // PAGE):
        at = page * PAGE + random.Random(page).randrange(PAGE)
        path.write_bytes(damage(whole, at))
        found.append(read(path))
    assert len(found) > 20
    assert all(each == APPENDS or each <= TOLD for each in found)
    assert any(each != APPENDS for each in found)


@pytest.mark.parametrize("damage", DAMAGE)
def test_an_append_that_was_cut_short_is_there_whole_or_not_at_all_and_the_rest_is_there(tmp_path, damage, monkeypatch):
    path = tmp_path / "day.db"
    begin(path, APPENDS)
    # An append that has come to its COMMIT and no further.
    with monkeypatch.context() as patch, open_log(path) as log:
        patch.setattr(SqliteLog, "_settle", lambda self: None)
        events, blobs = log_child.together(APPENDS + 1)
        log.append(events, expected_seq=2 * APPENDS + 1, blobs=blobs)
        base, wal = path.read_bytes(), path.with_name("day.db-wal").read_bytes()
    copy = tmp_path / "copy" / "day.db"
    copy.parent.mkdir()
    found = set()
    chance = random.Random(1)
    # SQLite appends frames of a page and 24 bytes behind a head of 32.
    for at in [*range(0, len(wal), 24 + PAGE), len(wal) - 1, *(chance.randrange(len(wal)) for _ in range(12))]:
        copy.write_bytes(base)
        copy.with_name("day.db-wal").write_bytes(damage(wal, at))
        found.add(read(copy))
        copy.with_name("day.db-shm").unlink(missing_ok=True)
    assert found <= {APPENDS, APPENDS + 1}
    assert APPENDS in found


def test_a_changed_event_is_named(tmp_path, whole):
    path = tmp_path / "day.db"
    path.write_bytes(whole.replace(b"news-3", b"news-9").replace(b'"stop_id":"S1"', b'"stop_id":"S2"', 1))
    with open_log(path) as log, pytest.raises(InputError) as caught:
        log.events()
    assert {issue.code for issue in caught.value.issues} == {"LOG_DAMAGED"}
    assert any("event 6 is not what was appended" in issue.cause for issue in caught.value.issues)


def test_a_lost_event_is_named(tmp_path, whole):
    path = tmp_path / "day.db"
    path.write_bytes(whole)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("DROP TRIGGER events_remain; DELETE FROM events WHERE seq = 4;")
    with open_log(path) as log, pytest.raises(InputError, match="event 4 is missing"):
        log.events()
