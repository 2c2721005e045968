"""A process that writes a day's log and can be killed at any moment; it loads the store and nothing that plans.

`python log_child.py write PATH APPENDS` makes the day unless it is there, then appends; it prints the number of each
append that was acknowledged, and `told:` with the words of each fault. With `die N` it kills itself before its N-th
statement of SQL, with `limit N` no file may grow beyond N bytes.
`python log_child.py race PATH APPENDS NAME` appends single events against other writers and prints each acknowledged
id, and `conflict` for each one that was told to read again.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import sys
from pathlib import Path

from routing.errors import ConflictError, RoutingError
from routing.events.asked import DayStop, DayVehicle
from routing.events.published import Figures, PlanPublished
from routing.events.types import DayStarted, Event, StopCancelled
from routing.network.location import Location
from routing.problem.model import Objective, TimeWindow
from routing.store import sqlite_log
from routing.store.sqlite_log import create_log, open_log

HERE = Location(lat_deg=43.7, lon_deg=7.4)
SHIFT = TimeWindow(start_s=0, end_s=9_000)
DAY = DayStarted(
    id="routing:day",
    known_at_s=0,
    effective_at_s=0,
    date="1970-01-01",
    time_zone="UTC",
    stops=tuple(DayStop(id=f"S{number}", location=HERE, address="Rue Grimaldi") for number in range(20)),
    vehicles=(DayVehicle(id="V", profile="van", capacity=9, shift=SHIFT, start=HERE, end=HERE),),
    objective=Objective(),
    network_sha256="",
)
NO_FIGURES = Figures(on_time=0, late=0, lateness_s=0, unassigned=0, drive_s=0, cost_cents=0)


def cancelled(key: str) -> StopCancelled:
    return StopCancelled(id=key, known_at_s=5, effective_at_s=5, stop_id="S1")


def document(version: int) -> bytes:
    """Return a plan's document that does not shrink by compression, on several pages of the file."""
    return random.Random(version).randbytes(9_000)


def plan(version: int) -> PlanPublished:
    return PlanPublished(
        id=f"routing:plan-{version}",
        known_at_s=5,
        effective_at_s=5,
        version=version,
        base_version=version - 1 or None,
        request="event",
        reason="a reason of some length " * 40,
        routes=(),
        unassigned=(),
        before=NO_FIGURES,
        after=NO_FIGURES,
        document_sha256="",
    )


def together(number: int) -> tuple[tuple[Event, ...], dict[str, bytes]]:
    """Return what the so-manieth append holds: news, the plan that follows from it, the plan's document."""
    return (cancelled(f"news-{number}"), plan(number)), {f"plan/{number}": document(number)}


def whole(appends: int) -> tuple[Event, ...]:
    """Return all events of a log after so many appends."""
    return (DAY, *(event for number in range(1, appends + 1) for event in together(number)[0]))


def tell(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def make(path: Path) -> None:
    if path.exists():
        return
    try:
        create_log(path, [DAY], blobs={"network": b"roads" * 1000})
    except RoutingError as error:
        told(error)
        create_log(path, [DAY], blobs={"network": b"roads" * 1000})
    tell("made")


def write(path: Path, appends: int) -> None:
    """Append so often; after a fault read the log again and go on, until there are two faults in a row."""
    make(path)
    try:
        log = open_log(path)
    except RoutingError as error:
        told(error)
        log = open_log(path)
    with log:
        seq = len(log.events())
        end = seq + 2 * appends
        faults = 0
        while seq < end and faults < 2:
            number = (seq + 1) // 2
            events, blobs = together(number)
            try:
                seq = log.append(events, expected_seq=seq, blobs=blobs)
            except RoutingError as error:
                told(error)
                faults += 1
                seq = len(log.events())
            else:
                faults = 0
                tell(number)


def told(error: RoutingError) -> None:
    tell("told: " + str(error).replace("\n", " "))


def race(path: Path, appends: int, name: str) -> None:
    with open_log(path) as log:
        seq = 1
        for number in range(appends):
            while True:
                try:
                    seq = log.append([cancelled(f"{name}-{number}")], expected_seq=seq)
                    break
                except ConflictError:
                    tell("conflict")
                    seq += len(log.events(after=seq))
            tell(f"{name}-{number}")


def die_at(statement: int) -> None:
    left = [statement]
    connect = sqlite_log.connect

    def count(_: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def traced(path: Path, mode: str):
        connection = connect(path, mode)
        connection.set_trace_callback(count)
        return connection

    sqlite_log.connect = traced


def no_file_beyond(size: int) -> None:
    """Let every write beyond a size fail as on a full disk, with EFBIG where that has ENOSPC."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


if __name__ == "__main__":
    task, path = sys.argv[1], Path(sys.argv[2])
    if task == "write":
        if "die" in sys.argv:
            die_at(int(sys.argv[5]))
        if "limit" in sys.argv:
            no_file_beyond(int(sys.argv[5]))
        write(path, int(sys.argv[3]))
    elif task == "race":
        race(path, int(sys.argv[3]), sys.argv[4])
