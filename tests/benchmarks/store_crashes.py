"""Kill the log at every write and sync, and let each of them fail; measure how soon a long log is open again.

    python tests/benchmarks/store_crashes.py [kills] [faults] [random] [writers] [opening]

Without a word all of them are done, in some five minutes; the first two need strace.
What is counted: runs, runs with the append whole that was under way (never acknowledged, allowed), and runs in which
something that was acknowledged is missing, half there, or the log does not go on. The last is 0 or the run stops.
"""

from __future__ import annotations

import random
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

import log_child
from log_crashes import begin, child, count_calls, judge, run, start, traced

from routing.events.asked import DayStop, DayVehicle
from routing.events.published import Change, PlanPublished, PublishedRoute
from routing.events.types import Event, VehicleLocated
from routing.network.location import Location
from routing.plan.model import Visit
from routing.problem.model import TimeWindow
from routing.store.sqlite_log import create_log, open_log

SITUATIONS = (("making a day and two appends", 0), ("two appends to a day", 1))
FAULTS = (("pwrite64", "ENOSPC"), ("pwrite64", "EIO"), ("fdatasync", "EIO"), ("ftruncate", "EIO"), ("link", "EPERM"))


def fresh(folder: Path, was: int) -> Path:
    """Return the path of a day of so many appends in an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    path = folder / "day.db"
    if was:
        begin(path, was)
    return path


def calls_of(folder: Path, was: int) -> Counter[str]:
    path = fresh(folder, was)
    ended = run(traced(path, "write", path, 2))
    assert ended.returncode == 0, ended.stderr
    return count_calls(path)


def row(*cells: object) -> None:
    widths = (32, 22, 8, 10, 12, 8)
    print(" ".join(f"{cell!s:<{width}}" for cell, width in zip(cells, widths, strict=False)).rstrip(), flush=True)


def kills(folder: Path) -> None:
    """Kill the writer before each call that it makes to the disk."""
    print("\nSIGKILL before the call")
    row("situation", "call", "runs", "one more", "lost or half")
    for situation, was in SITUATIONS:
        for call, count in sorted(calls_of(folder, was).items()):
            more = 0
            for number in range(1, count + 1):
                path = fresh(folder, was)
                ended = run(traced(path, "write", path, 2, inject=f"{call}:signal=KILL:when={number}"))
                assert ended.returncode == -signal.SIGKILL, (call, number, ended.stderr)
                acknowledged = max([was, *(int(line) for line in ended.stdout.split() if line.isdigit())])
                more += judge(path, ended.stdout, was=was) > acknowledged
            row(situation, call, count, more, 0)


def faults(folder: Path) -> None:
    """Let each call fail once; the writer reads the log again and goes on."""
    print("\nThe call fails once")
    row("situation", "call and error", "runs", "told", "lost or half")
    for situation, was in SITUATIONS:
        counts = calls_of(folder, was)
        for call, error in FAULTS:
            told = 0
            for number in range(1, counts[call] + 1):
                path = fresh(folder, was)
                ended = run(traced(path, "write", path, 2, inject=f"{call}:error={error}:when={number}"))
                assert ended.returncode == 0, (call, error, number, ended.stderr)
                told += "told:" in ended.stdout
                assert judge(path, ended.stdout, was=was) == was + 2, (call, error, number, ended.stdout)
            row(situation, f"{call} {error}", counts[call], told, 0)


def at_random(folder: Path, runs: int = 100) -> None:
    """Kill a writer that appends without end at moments drawn at random, one log through all of them."""
    print("\nSIGKILL at a random moment, one log through all runs")
    path, was, chance = fresh(folder, 1), 1, random.Random(1)
    more = 0
    for _ in range(runs):
        process = start(child("write", path, 1_000_000))
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(chance.random() / 10)
        process.kill()
        printed = first + process.communicate()[0]
        acknowledged = max([was, *(int(line) for line in printed.split() if line.isdigit())])
        kept = judge(path, printed, was=was)
        more += kept > acknowledged
        was = kept + 1
    row("", "runs", runs, f"{more} more", f"{was} appends", "0 lost")


def writers(folder: Path, appends: int = 500) -> None:
    """Let two, then four processes append at once."""
    print("\nWriters at once, one event an append")
    for count in (2, 4):
        path = fresh(folder, 1)
        began = time.perf_counter()
        running = {name: start(child("race", path, appends, name)) for name in "abcd"[:count]}
        printed = {name: each.communicate()[0].splitlines() for name, each in running.items()}
        took_s = time.perf_counter() - began
        with open_log(path) as log:
            ids = [event.id for event in log.events()[3:]]
        for name, lines in printed.items():
            mine = [f"{name}-{number}" for number in range(appends)]
            assert [key for key in ids if key.startswith(name)] == mine == [x for x in lines if x != "conflict"]
        assert len(ids) == count * appends
        conflicts = sum(line == "conflict" for lines in printed.values() for line in lines)
        row(f"{count} writers", f"{appends} appends each", f"{took_s:.1f} s", f"{conflicts} told", "0 lost")


def opening(folder: Path, *, events: int = 10_000, stops: int = 150, every: int = 33, runs: int = 5) -> None:
    """Open a long day in a process of its own: load the store and the fold, read, check, fold."""
    print(f"\nOpening a day of {events} events, a plan of {stops} stops at each {every}th")
    path = fresh(folder, 0)
    day = long_day(events, stops, every)
    create_log(path, day, blobs={})
    row(
        "file", f"{path.stat().st_size / 1e6:.1f} MB", f"{sum(isinstance(event, PlanPublished) for event in day)} plans"
    )
    parts = [run([sys.executable, "-c", OPENING, str(path)]).stdout.split() for _ in range(runs)]
    for name, *seconds in zip(("load", "read", "fold", "all", "all, of the processor"), *parts, strict=True):
        row(name, f"median {statistics.median(map(float, seconds)):.2f} s", f"max {max(map(float, seconds)):.2f} s")


OPENING = """
import sys, time
from pathlib import Path
began = time.perf_counter()
from routing.events.fold import replay
from routing.store.sqlite_log import open_log
loaded = time.perf_counter()
with open_log(Path(sys.argv[1])) as log:
    events = log.events()
read = time.perf_counter()
assert replay(events).plan is not None
folded = time.perf_counter()
print(loaded - began, read - loaded, folded - read, folded - began, time.process_time())
"""


def long_day(count: int, stops: int, every: int) -> list[Event]:
    """Return so many events of a day: positions, and a plan at each `every`th that moves every stop."""
    asked = tuple(
        DayStop(
            id=f"S{number}",
            location=Location(lat_deg=43.7 + number / 1e4, lon_deg=7.4),
            windows=(TimeWindow(start_s=3_600, end_s=7_200),),
            service_s=120,
            load=2,
            address=f"Avenue {number}",
        )
        for number in range(stops)
    )
    fleet = tuple(replace(log_child.DAY.vehicles[0], id=f"V{number}") for number in range(8))
    found: list[Event] = [replace(log_child.DAY, stops=asked, vehicles=fleet)]
    for at_s in range(1, count):
        if at_s % every == 1:
            found.append(long_plan(at_s // every + 1, at_s, asked, fleet))
        else:
            vehicle_id, here = fleet[at_s % 8].id, Location(lat_deg=43.7 + at_s / 1e6, lon_deg=7.4)
            told = {"known_at_s": at_s, "effective_at_s": at_s, "vehicle_id": vehicle_id, "location": here}
            found.append(VehicleLocated(id=f"gps-{at_s}", **told))
    return found


def long_plan(version: int, at_s: int, stops: tuple[DayStop, ...], fleet: tuple[DayVehicle, ...]) -> PlanPublished:
    routes = tuple(
        PublishedRoute(
            vehicle_id=vehicle.id,
            left=True,
            start=stops[number].location,
            start_s=at_s,
            end_s=at_s + 9_000,
            visits=tuple(
                Visit(
                    stop_id=stop.id,
                    arrive_s=at_s + 60 * place,
                    start_s=at_s + 60 * place,
                    depart_s=at_s + 60 * place + 120,
                    waiting_s=0,
                    lateness_s=0,
                    load_after=place,
                )
                for place, stop in enumerate(stops[number::8])
            ),
        )
        for number, vehicle in enumerate(fleet)
    )
    words = "its time moves by 77 s because of a slow road"
    changes = tuple(Change(stop_id=stop.id, kind="time", shift_s=77, causes=("e",), words=words) for stop in stops)
    on_board = tuple((stop.id, fleet[number % 8].id) for number, stop in enumerate(stops))
    plan = replace(log_child.plan(version), known_at_s=at_s, effective_at_s=at_s, routes=routes, changes=changes)
    return replace(plan, on_board=on_board)


PARTS = {"kills": kills, "faults": faults, "random": at_random, "writers": writers, "opening": opening}


def main() -> None:
    wanted = sys.argv[1:] or list(PARTS)
    with tempfile.TemporaryDirectory() as name:
        for part in wanted:
            PARTS[part](Path(name) / part)


if __name__ == "__main__":
    main()
