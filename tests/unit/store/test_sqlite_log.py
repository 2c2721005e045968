"""The log: append-only, whole or not at all, one writer at a time."""

from __future__ import annotations

import sqlite3
import threading

import pytest
from small_days import at_km, started, stop, vehicle

from routing.errors import ConflictError, InputError
from routing.events.types import (
    ConditionWithdrawn,
    RoadClosed,
    RoadReopened,
    StopAdded,
    StopCancelled,
    TrafficReported,
    VehicleLocated,
    WeatherReported,
)
from routing.store.sqlite_log import create_log, open_log
from routing.travel.conditions import AlongLine, BetweenNodes, InPolygon, OnWay

DAY = started([stop("A", 1, window=(5, 9), load=2), stop("B", 2)], [vehicle("V")])


def cancelled(key):
    return StopCancelled(id=key, known_at_s=5, effective_at_s=5, stop_id="A")


@pytest.fixture
def path(tmp_path):
    where = tmp_path / "day.db"
    create_log(where, [DAY], blobs={"network": b"roads" * 1000})
    return where


def code_of(caught):
    return [issue.code for issue in caught.value.issues]


def test_events_come_back_as_they_went_in(path):
    ring = ((0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.0, 0.0))
    places = (
        OnWay(way_id=3, direction="forward"),
        BetweenNodes(from_osm_id=1, to_osm_id=2),
        AlongLine(points_deg=((1.0, 2.0), (3.0, 4.0))),
        InPolygon(rings_deg=(ring,)),
    )
    sent = [
        TrafficReported(id=f"t{number}", known_at_s=5, effective_at_s=6, where=where, speed_factor=0.5, until_s=9)
        for number, where in enumerate(places)
    ]
    sent += [
        WeatherReported(id="w", known_at_s=5, effective_at_s=5, condition="rain", area=places[3]),
        RoadClosed(id="c", known_at_s=5, effective_at_s=5, where=places[0]),
        RoadReopened(id="o", known_at_s=6, effective_at_s=6, where=places[0]),
        TrafficReported(id="f", known_at_s=5, effective_at_s=5, where=places[1], speed_kph=5.0, fade_s=600),
        ConditionWithdrawn(id="x", known_at_s=5, effective_at_s=5, event_id="c"),
        VehicleLocated(id="p", known_at_s=5, effective_at_s=5, vehicle_id="V", location=at_km(1)),
        StopAdded(id="s", known_at_s=5, effective_at_s=5, stop=stop("C", 3)),
    ]
    with open_log(path) as log:
        assert log.append(sent, expected_seq=1, blobs={"more": b"bytes"}) == 12
    with open_log(path, read_only=True) as log:
        assert log.events() == (DAY, *sent)
        assert log.events(after=11) == (sent[-1],)
        assert (log.blob("network"), log.blob("more")) == (b"roads" * 1000, b"bytes")


def test_nothing_in_the_log_can_be_changed_or_deleted(path):
    connection = sqlite3.connect(path)
    for statement in (
        "UPDATE events SET body = ''",
        "DELETE FROM events",
        "UPDATE blobs SET bytes = x''",
        "DELETE FROM blobs",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            connection.execute(statement)
    connection.close()


def test_an_append_at_an_old_place_is_refused_and_writes_nothing(path):
    with open_log(path) as one, open_log(path) as other:
        other.append([cancelled("first")], expected_seq=1)
        with pytest.raises(ConflictError, match="grown from 1 to 2"):
            one.append([cancelled("second")], expected_seq=1, blobs={"plan/1": b"x"})
        assert [event.id for event in one.events()] == ["routing:day", "first"]
        with pytest.raises(InputError):
            one.blob("plan/1")


def test_of_many_writers_at_once_each_place_is_won_by_one(path):
    lost = []

    def write(name):
        with open_log(path) as log:
            seq = 1
            for number in range(20):
                while True:
                    try:
                        seq = log.append([cancelled(f"{name}-{number}")], expected_seq=seq)
                        break
                    except ConflictError:
                        lost.append(name)
                        seq += len(log.events(after=seq))

    threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_log(path) as log:
        ids = [event.id for event in log.events()[1:]]
    assert sorted(ids) == sorted(f"{name}-{number}" for name in "abc" for number in range(20))
    for name in "abc":
        mine = [key for key in ids if key.startswith(name)]
        assert mine == [f"{name}-{number}" for number in range(20)]


def test_an_id_enters_once(path):
    with open_log(path) as log:
        log.append([cancelled("x")], expected_seq=1)
        with pytest.raises(InputError) as caught:
            log.append([cancelled("y"), cancelled("x")], expected_seq=2)
        assert code_of(caught) == ["EVENT_ID_REUSED"]
        assert len(log.events()) == 2


def test_what_is_no_log_is_said_to_be_none(tmp_path, path):
    text = tmp_path / "text.db"
    text.write_text("stop_id,lat_deg\n" * 100)
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    for where, code in (
        (tmp_path / "none.db", "FILE_UNREADABLE"),
        (text, "NOT_A_DAY"),
        (other, "NOT_A_DAY"),
        (path, "DAY_VERSION"),
    ):
        for read_only in (True, False):
            before = where.read_bytes() if where.exists() else None
            with pytest.raises(InputError) as caught:
                open_log(where, read_only=read_only)
            assert code_of(caught) == [code]
            assert (where.read_bytes() if where.exists() else None) == before


def test_a_day_is_never_overwritten(path):
    before = path.read_bytes()
    with pytest.raises(InputError) as caught:
        create_log(path, [DAY], blobs={})
    assert code_of(caught) == ["FILE_EXISTS"]
    assert path.read_bytes() == before


def test_damaged_bytes_are_found(path):
    content = path.read_bytes()
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER blobs_stay")
    connection.execute("UPDATE blobs SET sha256 = 'other'")
    connection.commit()
    connection.close()
    assert path.read_bytes() != content
    with open_log(path) as log, pytest.raises(InputError) as caught:
        log.blob("network")
    assert code_of(caught) == ["LOG_DAMAGED"]


def test_reading_writes_nothing_and_leaves_nothing_behind(path):
    before = {each.name: each.read_bytes() for each in path.parent.iterdir()}
    with open_log(path, read_only=True) as log:
        assert log.events() == (DAY,)
        with pytest.raises(InputError):
            log.append([cancelled("x")], expected_seq=1)
    assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == before


def test_exports_are_remembered(path):
    with open_log(path) as log:
        log.note_export("", 2)
        log.note_export("V", 3)
        log.note_export("", 4)
        assert log.exported() == {"": 4, "V": 3}
