"""The other engines' environments, and how they are asked: as processes of their own, pinned to one core."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

SCRIPTS = Path(__file__).parent / "peers"
REQUIREMENTS = {"osrm": "osrm-bindings", "valhalla": "pyvalhalla", "kayros": "kayros==1.6.1"}
OLDEST = (3, 12)
"""Wheels of osrm-bindings are made for no older Python."""


def default_cache():
    """Return the folder of environments and data sets that runs share."""
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "routing-benchmarks"


def newer_python():
    """Return a Python of at least 3.12: this one, else of PATH, else of pyenv; None where there is none."""
    if sys.version_info >= OLDEST:
        return Path(sys.executable)
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [shutil.which(f"python3.{minor}") for minor in range(OLDEST[1], 20)]
    found += sorted(str(path) for path in pyenv.glob("3.*/bin/python"))
    for path in found:
        if path and _version(path) >= OLDEST:
            return Path(path)
    return None


def _version(python):
    told = subprocess.run([python, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True)
    return tuple(map(int, told.stdout.split())) if told.returncode == 0 else (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Ask one engine; `python` is None where its environment could not be made, and `cause` says why."""

    name: str
    python: Path | None
    cause: str
    cache: Path
    core: int

    def ask(self, *words):
        """Run the engine's script with some words and return what it prints."""
        command = [str(self.python), str(SCRIPTS / f"{self.name}_peer.py"), *map(str, words)]
        done = subprocess.run([*pinned(self.core), *command], capture_output=True, text=True, env=one_thread())
        if done.returncode:
            raise SystemExit(f"{self.name}: {done.stderr.strip()[-1500:]}")
        return json.loads(done.stdout.splitlines()[-1])

    def data(self, map_file, *words):
        """Return the folder of the data set of a map and what its build took, made anew where it is not there."""
        folder = self.cache / "data" / "-".join([map_file.name.split(".")[0], self.name, *words])
        took = folder / "took.json"
        if not took.exists():
            shutil.rmtree(folder, ignore_errors=True)
            took.write_text(json.dumps(self.ask("build", map_file, folder, *words)))
        return folder, json.loads(took.read_text())

    def give(self, verb, folder, *words, content):
        """Ask for something about a list of points or pairs; return what is printed and what is written."""
        with tempfile.TemporaryDirectory() as scratch:
            given, out = Path(scratch) / "given.json", Path(scratch) / "out.json"
            given.write_text(json.dumps(content))
            told = self.ask(verb, folder, *words, given, out)
            return told, json.loads(out.read_text()) if out.exists() else None


def one_thread():
    """Return the surroundings of a process whose libraries start no threads."""
    return os.environ | dict.fromkeys(("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


def pinned(core):
    """Return the words that keep a command on one core, where the system has them."""
    return ["taskset", "-c", str(core)] if shutil.which("taskset") else []


def find_peer(name, cache, core):
    """Return an engine, its environment made where it is not there yet."""
    home = cache / name
    cause = "" if (home / "ready").exists() else _make(home, REQUIREMENTS[name])
    return Peer(name=name, python=None if cause else home / "bin" / "python", cause=cause, cache=cache, core=core)


def _make(home, requirement):
    """Make a virtual environment that has one package; return why that cannot be, or nothing."""
    newer = newer_python()
    if newer is None:
        return "there is no Python of 3.12 or newer on PATH or in pyenv"
    shutil.rmtree(home, ignore_errors=True)
    subprocess.run([str(newer), "-m", "venv", str(home)], check=True)
    wanted = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--only-binary=:all:", requirement]
    done = subprocess.run(wanted, capture_output=True, text=True)
    if done.returncode:
        return done.stderr.strip().splitlines()[-1]
    (home / "ready").touch()
    return ""
