"""Keep results line by line, and share work out to cores."""

from __future__ import annotations

import json
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue


class Kept:
    """Keep the last record of each run in a file, a line each; may be used by several threads."""

    def __init__(self, file, again):
        self.file, self.again = file, set(again)
        self.lock = threading.Lock()
        lines = file.read_text().splitlines() if file.exists() else []
        self.found = {key(record): record for record in map(json.loads, lines)}
        self.code = version()

    def records(self, part):
        """Return what is known of a part."""
        return [record for record in self.found.values() if record["part"] == part]

    def of(self, told, make):
        """Return the record of a run that is told by part, name, solver and limit; made where it is not there
        or failed."""
        record = self.found.get(key(told))
        if record is None or "failed" in record or told["solver"] in self.again:
            record = told | {"version": self.code} | make()
            with self.lock:
                self.found[key(record)] = record
                self.file.parent.mkdir(parents=True, exist_ok=True)
                with self.file.open("a") as lines:
                    lines.write(json.dumps(record) + "\n")
                print(f"… {told['part']} {told['name']} {told['solver']}: {words(record)}", flush=True)
        return record


def key(record):
    """Return what tells one run from another."""
    return tuple(record[name] for name in ("part", "name", "solver", "limit"))


def words(record):
    """Return a line of what was found."""
    if "failed" in record:
        return record["failed"]
    named = ("served", "vehicles", "cost", "iterations", "solve_s")
    return ", ".join(f"{name} {record[name]:,.6g}" for name in named if name in record)


def version():
    """Return the commit that is measured, empty where there is none."""
    command = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True)
    return done.stdout.strip()


def on_cores(cores, items, work):
    """Call `work(item, core)` for every item, as many at a time as there are cores; the first failure is raised."""
    free = SimpleQueue()
    for core in cores:
        free.put(core)

    def one(item):
        core = free.get()
        try:
            return work(item, core)
        finally:
            free.put(core)

    with ThreadPoolExecutor(len(cores)) as pool:
        return list(pool.map(one, items))
