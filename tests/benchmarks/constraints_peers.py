"""Problems on Porto's roads by a peer, and by the package in the same time on the same core."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np
from constraints_asked import tables_of
from constraints_draw import PYVRP_COUNT, VROOM_COUNT, pyvrp_problem, vroom_problem
from constraints_judge import judged
from constraints_keep import on_cores
from constraints_porto import kept_tables
from roads_peers import SCRIPTS, one_thread, pinned

EXPLORATION = 5
"""VROOM's default, and its most thorough."""
LEAST_S = 1.0
"""Ours gets VROOM's own seconds, and these at least: a search is begun in a process beside."""
PYVRP_S = 10.0
SLACK_S = 300.0


class Ours:
    """Hold a process that solves with the package, started when it is first asked and again where it died."""

    def __init__(self, tables, core):
        script = Path(__file__).with_name("constraints_ours.py")
        self.command = [*pinned(core), sys.executable, str(script), str(tables)]
        self.process = None

    def ask(self, question):
        """Return the answer to a question, or how the process died."""
        if self.process is None:
            pipe = subprocess.PIPE
            self.process = subprocess.Popen(
                self.command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=one_thread()
            )
        late = threading.Timer(2 * question["seconds"] + SLACK_S, self.process.kill)
        late.start()
        try:
            self.process.stdin.write(json.dumps(question) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        late.cancel()
        if line:
            return json.loads(line)
        _, words = self.process.communicate()
        self.process = None
        return {"failed": words.strip()[-600:] or "the process was ended: no answer in time"}

    def end(self):
        """End the process."""
        if self.process is not None:
            self.process.communicate()


def run_vroom(options, kept):
    """Run what is missing, each by VROOM first, whose seconds are ours."""

    def seconds(record):
        return max(LEAST_S, record["solve_s"])

    limit = "" if options.seconds is None else f", at most {options.seconds:g} s"
    words = [str(EXPLORATION), "0" if options.seconds is None else str(options.seconds)]
    _run("vroom", range(VROOM_COUNT), vroom_problem, words, f"exploration {EXPLORATION}{limit}", seconds, options, kept)


def run_pyvrp(options, kept):
    """Run what is missing for the same seconds each."""
    limit_s = options.seconds or PYVRP_S
    words = [str(limit_s), str(options.seed)]
    _run("pyvrp", range(PYVRP_COUNT), pyvrp_problem, words, f"{limit_s:g} s", lambda _: limit_s, options, kept)


def _run(part, numbers, draw, words, limit, seconds, options, kept):
    npz = kept_tables(options.cache, options.maps)
    with np.load(npz) as found:
        tables = (found["duration_s"], found["distance_m"])
    wanted = [draw(number, len(tables[0])) for number in options.numbers or numbers]
    wanted = [asked for asked in wanted if not options.sizes or len(asked["stops"]) in options.sizes]
    ours = {core: Ours(str(npz), core) for core in options.cores}
    name = "ours" if options.engine == "ruin_recreate" else options.engine

    def work(asked, core):
        own = tables_of(asked, tables)
        told = {"part": part, "name": asked["name"], "limit": limit}
        theirs = kept.of(told | {"solver": part}, lambda: _by_peer(part, asked, own, npz, words, core))
        question = {"asked": asked, "seed": options.seed, "engine": options.engine}
        question |= (
            {"seconds": LEAST_S} if "failed" in theirs else {"seconds": seconds(theirs), "peer": theirs["orders"]}
        )
        kept.of(told | {"solver": name}, lambda: _by_ours(asked, own, ours[core].ask(question), question["seconds"]))

    on_cores(options.cores, wanted, work)
    for each in ours.values():
        each.end()


def _by_peer(part, asked, own, npz, words, core):
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "asked.json"
        given.write_text(json.dumps(asked))
        script = SCRIPTS / f"{part}_asked_peer.py"
        command = [*pinned(core), sys.executable, str(script), str(given), str(npz), *words]
        done = subprocess.run(command, capture_output=True, text=True, env=one_thread())
    if done.returncode:
        return {"failed": done.stderr.strip()[-500:]}
    return _told(asked, own, json.loads(done.stdout.splitlines()[-1]))


def _by_ours(asked, own, answer, seconds):
    if "failed" in answer:
        return answer | {"seconds": seconds}
    return _told(asked, own, answer) | {"seconds": seconds}


def _told(asked, own, answer):
    verdict = judged(asked, own, answer["orders"])
    return answer | {
        "mix": " ".join(asked["mix"]),
        "stops": len(asked["stops"]),
        "fleet": len(asked["vehicles"]),
        "own_cost": answer["cost"],
        "cost": verdict.total_cents,
        "travel": verdict.travel_cents,
        "served": verdict.served,
        "must": verdict.must,
        "priority": verdict.priority,
        "faults": verdict.faults[:3],
    }
