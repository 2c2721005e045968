"""Run engines in a process of their own: one that can be cancelled, killed and outlived.

The process is started as a fresh interpreter (never by fork, and without importing the caller's main module), is
kept warm for the next search, and ends when its caller does.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from multiprocessing.connection import Connection
from pathlib import Path

from routing.errors import SolveError
from routing.plan.engines.interface import HUNDREDTHS, Engine, Found, Instance, Orders
from routing.plan.engines.registry import EngineName, part_of

LISTEN_S = 0.02
"""How often the caller looks whether it shall cancel."""
DEAF = (EngineName.ORTOOLS,)
"""While it makes its first plan, which takes seconds with many stops, nothing reaches this engine. So it is ended, and
its process with it, where it does not stop: what it last told is its answer."""
HURRY_S, OVERRUN_S = 0.06, 0.25
"""That is done so long after it was cancelled, or after its time limit."""
LONG_S = 3_600.0
REPORT_S = 0.2
"""How often at most the process reports progress, the first plan apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Ask for one search: by count of iterations, or by seconds where that is None."""

    engine: str
    instance: Instance
    start: Orders
    seed: int
    iterations: int | None
    time_limit_s: float | None
    patience_iterations: int | None = None
    pace: tuple[int, ...] = ()
    """After how many iterations a search that is repeated had spent each hundredth of its budget."""
    watched: bool = False
    """True where reports shall hold the best orders: somebody wants to see them, or they may be all that is left."""


@dataclass(frozen=True, slots=True)
class Preparation:
    """Ask for an engine to be made ready, and before it the kernels of drives where they were never compiled.

    The engine is named as `part_of` does.
    """

    engine: str
    roads: bool


@dataclass(frozen=True, slots=True)
class Ready:
    """Tell that an engine is ready, named as `part_of` does."""

    engine: str


@dataclass(frozen=True, slots=True)
class Report:
    """Tell how far a search is."""

    elapsed_s: float
    iterations: int
    cost_cents: float
    unserved: int
    orders: Orders | None = None
    """The best ones; None where they are those of the report before, or nobody asked for them."""


def make_engine(name: str) -> Engine:
    """Return the engine of a name; imported only here, where it runs."""
    if name == EngineName.ORTOOLS:
        from routing.plan.engines.ortools_engine import OrToolsEngine

        return OrToolsEngine()
    from routing.plan.engines.ruin_recreate import RuinRecreateEngine

    return RuinRecreateEngine()


class PipeWatch:
    """Watch a search by count, clock and the word of the caller at the other end of the pipe."""

    def __init__(self, connection: Connection, search: Search) -> None:
        self.connection, self.search = connection, search
        self.began_s = time.monotonic()
        self.reported_s = float("-inf")
        self.best_cents = self.told_cents = float("inf")
        self.gained_at = 0
        self.incumbent: Callable[[], Orders] | None = None

    def begin(self) -> None:
        """Start the clock: what an engine needs to get ready is not search."""
        self.began_s = time.monotonic()

    def offer(self, incumbent: Callable[[], Orders]) -> None:
        """Take a way to read the best orders."""
        self.incumbent = incumbent

    def stop(self, iterations: int, cost_cents: float | None, unserved: int) -> str | None:
        """Return why the search ends now, None to go on."""
        now_s = time.monotonic()
        if cost_cents is not None:
            if cost_cents < self.best_cents:
                self.best_cents, self.gained_at = cost_cents, iterations
            if now_s - self.reported_s >= REPORT_S:
                self.reported_s = now_s
                orders = None
                if self.search.watched and self.incumbent is not None and cost_cents < self.told_cents:
                    orders, self.told_cents = self.incumbent(), cost_cents
                self.connection.send(Report(now_s - self.began_s, iterations, cost_cents, unserved, orders))
        if self.connection.poll():
            return "cancelled"
        patience = self.search.patience_iterations
        if patience is not None and iterations - self.gained_at >= patience:
            return "settled"
        if self.search.iterations is not None:
            return "iterations" if iterations >= self.search.iterations else None
        limit_s = self.search.time_limit_s
        return "time_limit" if limit_s is not None and now_s - self.began_s >= limit_s else None

    def allowance(self, iterations: int, wanted: int) -> int:
        """Return how many of the wanted further iterations the budget still holds, none beyond the next hundredth."""
        limit, pace = self.search.iterations, self.search.pace
        if limit is None:
            return wanted
        ahead = [made for made in pace if made > iterations]
        step = ahead[0] - iterations if ahead else wanted if pace else max(1, limit // HUNDREDTHS)
        return max(0, min(wanted, step, limit - iterations))

    def spent(self, iterations: int) -> int:
        """Return how many hundredths of the budget are spent, at most 100."""
        search = self.search
        if search.pace:
            return sum(made <= iterations for made in search.pace)
        if search.time_limit_s is None:
            return min(HUNDREDTHS, iterations * HUNDREDTHS // max(1, search.iterations or 1))
        elapsed_s = time.monotonic() - self.began_s
        return min(HUNDREDTHS, int(elapsed_s / max(search.time_limit_s, 1e-6) * HUNDREDTHS))


class WorkerProcess:
    """Own one process, started at the first search and again where it died."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.connection: Connection | None = None
        self.owner = os.getpid()
        self.ready: set[str] = set()
        self.asked_s: dict[str, float] = {}
        """When an engine was asked to get ready."""

    def prepare(self, engine: str, *, roads: bool = False) -> None:
        """Let the process load and compile an engine, once."""
        connection = self.connected()
        if engine not in self.asked_s:
            self.asked_s[engine] = seconds()
            connection.send(Preparation(engine, roads))

    def is_ready(self, engine: str, wait_s: float) -> bool:
        """Tell whether an engine is ready, or gets so within some seconds; True also where the process has died."""
        connection, until_s = self.connected(), seconds() + wait_s
        try:
            while engine not in self.ready and connection.poll(max(0.0, until_s - seconds())):
                self._note(connection.recv())
        except (EOFError, OSError):
            return True  # the search will say what is wrong
        return engine in self.ready

    def _note(self, answer: object) -> bool:
        if isinstance(answer, Ready):
            self.ready.add(answer.engine)
        return isinstance(answer, Ready)

    def run(self, search: Search, report: Callable[[Report], None], cancelled: Callable[[], bool]) -> Found:
        """Return what the search finds; SolveError where the process dies."""
        connection = self.connected()
        known = Found(orders=search.start, iterations=0, last_gain=0, stopped_by="cancelled")
        over_s = float("inf")
        told = False
        try:
            connection.send(search)
            while True:
                if connection.poll(LISTEN_S):
                    answer = connection.recv()
                    if isinstance(answer, Report):
                        orders = known.orders if answer.orders is None else answer.orders
                        known = replace(known, orders=orders, iterations=answer.iterations)
                        report(answer)
                    elif isinstance(answer, Found):
                        self.ready.add(part_of(search.engine, walked=search.instance.rules is not None))
                        return answer
                    elif not self._note(answer):
                        raise SolveError(f"the engine {search.engine} failed:\n{answer}")
                    elif search.time_limit_s is not None:
                        over_s = seconds() + search.time_limit_s + OVERRUN_S
                if not told and cancelled():
                    connection.send("cancel")
                    told, over_s = True, seconds() + HURRY_S
                if search.engine in DEAF and seconds() > over_s:
                    self.close(wait_s=0.0)
                    return known if told else replace(known, stopped_by="time_limit")
        except (EOFError, OSError) as error:
            code = self.close()
            raise SolveError(f"the search process ended without an answer (exit code {code})") from error
        except BaseException:
            self.close()
            raise

    def connected(self) -> Connection:
        """Return the pipe to the process, started where there is none alive."""
        alive = self.process is not None and self.process.poll() is None and self.owner == os.getpid()
        if self.connection is None or not alive:
            self.owner = os.getpid()
            self.ready, self.asked_s = set(), {}
            ours, theirs = socket.socketpair()
            # An interrupt from the keyboard is for the caller, who will say what becomes of the search.
            deaf = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
            command = f"{deaf}; from routing.plan.engines.worker import serve; serve({theirs.fileno()})"
            paths = os.pathsep.join(path for path in sys.path if path)
            self.process = subprocess.Popen(
                [sys.executable, "-c", command],
                pass_fds=[theirs.fileno()],
                env={**os.environ, "PYTHONPATH": paths},
                stdin=subprocess.DEVNULL,
            )
            theirs.close()
            self.connection = Connection(ours.detach())
        return self.connection

    def close(self, wait_s: float = 0.2) -> int | None:
        """End the process, by force where it does not end by itself, and return its exit code."""
        process, connection, self.process, self.connection = self.process, self.connection, None, None
        if connection is not None:
            connection.close()
        if process is None or self.owner != os.getpid():
            return None
        try:
            return process.wait(timeout=wait_s)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


def warm_worker(number: int = 0) -> WorkerProcess:
    """Return one of the processes that are kept for the next searches."""
    return _kept_worker(number)


@cache
def _kept_worker(number: int) -> WorkerProcess:
    worker = WorkerProcess()
    atexit.register(worker.close)
    return worker


def run_searches(
    searches: Sequence[Search], report: Callable[[int, Report], None], cancelled: Callable[[], bool], first: int = 0
) -> tuple[Found, ...]:
    """Return what several searches find side by side, each in a process; reports come one by one, with its number.

    They take the warm processes from the number `first` on.
    """
    ended, one_by_one = threading.Event(), threading.Lock()

    def hear(number: int, news: Report) -> None:
        with one_by_one:
            report(number, news)

    def run(number: int) -> Found:
        try:
            return run_search(
                searches[number], partial(hear, number), lambda: ended.is_set() or cancelled(), first + number
            )
        except BaseException:
            ended.set()  # one that fails ends the others
            raise

    with ThreadPoolExecutor(len(searches)) as pool:
        return tuple(pool.map(run, range(len(searches))))


def run_search(
    search: Search, report: Callable[[Report], None], cancelled: Callable[[], bool], number: int = 0
) -> Found:
    """Return what a search finds, in the warm process of a number or, where that is busy, in one of its own."""
    worker = warm_worker(number)
    if worker.lock.acquire(blocking=False):
        try:
            return worker.run(search, report, cancelled)
        finally:
            worker.lock.release()
    worker = WorkerProcess()
    try:
        return worker.run(search, report, cancelled)
    finally:
        worker.close()


def seconds() -> float:
    """Return the seconds of a clock that nobody sets."""
    return time.monotonic()


def prepare(engine: str = EngineName.RUIN_RECREATE, *, wait: bool = False, roads: bool = False) -> None:
    """Start the warm process and let it load and compile an engine, while the caller does other things or waits.

    The engine is named as `part_of` does.
    With `roads` the caller is about to make travel times: on the first run of all it gets help with compiling.
    """
    worker = warm_worker()
    if worker.lock.acquire(blocking=False):
        try:
            worker.prepare(engine, roads=roads)
            while wait and not worker.is_ready(engine, LONG_S):
                pass
        finally:
            worker.lock.release()


def engine_is_ready(engine: str, wait_s: float = 0.0) -> bool:
    """Tell whether the warm process has an engine loaded, or gets so within seconds from when it was asked to.

    True also where the process is busy for somebody else: then the search gets one of its own, which must load it in
    any case.
    """
    worker = warm_worker()
    if not worker.lock.acquire(blocking=False):
        return True
    try:
        worker.prepare(engine)
        return worker.is_ready(engine, max(0.0, worker.asked_s[engine] + wait_s - seconds()))
    finally:
        worker.lock.release()


def serve(handle: int) -> None:
    """Answer searches until the caller hangs up; the body of the process."""
    connection = Connection(handle)
    try:
        while True:
            asked = connection.recv()
            if isinstance(asked, Preparation):
                if asked.roads:
                    _compile_drives()
                name, _, walked = asked.engine.partition(" ")
                make_engine(name).prepare(walked=bool(walked))
                connection.send(Ready(asked.engine))
            elif isinstance(asked, Search):
                connection.send(_answer(connection, asked))
    except (EOFError, OSError):
        return


def _compile_drives() -> None:
    """Compile the kernels of drives, unless a cache holds them: then the caller loads them as quickly itself."""
    from routing.travel.search import search

    if not any(Path(search.stats.cache_path or "").glob("search.search-*.nbi")):
        from routing.travel.prepare import prepare_drives

        prepare_drives()


def _answer(connection: Connection, search: Search) -> Found | str:
    try:
        watch = PipeWatch(connection, search)
        engine = make_engine(search.engine)
        walked = search.instance.rules is not None
        engine.prepare(walked=walked)
        connection.send(Ready(part_of(search.engine, walked=walked)))
        watch.begin()
        return engine.search(search.instance, search.start, search.seed, watch)
    except OSError:
        raise
    except (ArithmeticError, LookupError, TypeError, ValueError, RuntimeError, MemoryError):
        return traceback.format_exc()
