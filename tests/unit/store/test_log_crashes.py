"""The log holds: killed, out of space, written by two at once, it keeps each append that it has acknowledged."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import log_child
import pytest
from log_crashes import ENVIRONMENT, child, judge, run, traced, why_not_traced

from routing.store.sqlite_log import create_log, open_log

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills and limits as Linux has them")

# Where a process that makes a day and appends twice is killed: by call and by number, before the call is done. The
# first 27 writes make the file; `tests/benchmarks/store_crashes.py` goes through all of them.
MOMENTS = [("pwrite64", 1), ("pwrite64", 20), ("pwrite64", 25), ("pwrite64", 33), ("pwrite64", 45), ("pwrite64", 60)]
MOMENTS += [("fdatasync", 1), ("fdatasync", 2), ("fdatasync", 3), ("fdatasync", 4), ("fdatasync", 5), ("ftruncate", 2)]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "day.db"


def begun(path, appends):
    create_log(path, [log_child.DAY], blobs={"network": b"roads" * 1000})
    with open_log(path) as log:
        for number in range(1, appends + 1):
            events, blobs = log_child.together(number)
            log.append(events, expected_seq=2 * number - 1, blobs=blobs)


def test_the_store_loads_nothing_that_compiles_or_searches():
    code = "import sys, routing.store.sqlite_log; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = set(run([sys.executable, "-c", code]).stdout.split())
    assert "routing" in loaded
    assert loaded & {"numba", "ortools", "scipy", "shapely", "osmium", "networkx"} == set()


@pytest.mark.parametrize(("call", "number"), MOMENTS)
def test_a_kill_at_a_write_or_a_sync_loses_nothing_that_was_acknowledged(path, call, number):
    reason = why_not_traced(path.parent)
    if reason:
        pytest.skip(reason)
    begun(path, 1)
    ended = run(traced(path, "write", path, 2, inject=f"{call}:signal=KILL:when={number}"))
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    judge(path, ended.stdout, was=1)


@pytest.mark.parametrize("statement", [1, 6, 12, 24, 27, 30, 33, 36])
def test_a_kill_at_a_statement_loses_nothing_that_was_acknowledged(path, statement):
    ended = run(child("write", path, 2, statement))
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    judge(path, ended.stdout)


def test_kills_at_any_moment_lose_nothing_that_was_acknowledged(path):
    begun(path, 1)
    was, chance = 1, random.Random(0)
    for _ in range(4):
        process = subprocess.Popen(child("write", path, 10_000), stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(chance.random() / 20)
        process.kill()
        was = 1 + judge(path, first + process.communicate()[0], was=was)


def test_an_append_where_no_room_is_left_is_refused_and_the_rest_is_there(path):
    ended = run(child("fill", path, 300_000))
    told = ended.stdout.splitlines()[-1]
    assert "LOG_UNWRITABLE" in told, ended.stderr
    assert int(ended.stdout.splitlines()[-2]) > 5
