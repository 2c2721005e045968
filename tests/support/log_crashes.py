"""Run `log_child.py` where something goes wrong, and judge what it leaves behind."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import log_child

from routing.store.sqlite_log import create_log, open_log

CHILD = Path(log_child.__file__)
CALLS = ("pwrite64", "fdatasync", "fsync", "ftruncate", "link", "unlink")
"""What SQLite and the naming of a new file ask of the disk, by the names that Linux has on x86-64."""
ROOT = CHILD.parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def child(*arguments: object) -> list[str]:
    """Return the command that runs the child."""
    return [sys.executable, str(CHILD), *map(str, arguments)]


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, check=False)


def start(command: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)


def begin(path: Path, appends: int) -> None:
    """Make a day of so many appends."""
    create_log(path, [log_child.DAY], blobs={"network": b"roads" * 1000})
    with open_log(path) as log:
        for number in range(1, appends + 1):
            events, blobs = log_child.together(number)
            log.append(events, expected_seq=2 * number - 1, blobs=blobs)


def traced(path: Path, *arguments: object, inject: str = "") -> list[str]:
    """Return the command that runs the child under strace, which counts or spoils what it asks of the disk."""
    what = ["-e", f"inject={inject}"] if inject else []
    return ["strace", "-qq", "-o", f"{path}.calls", "-e", f"trace={','.join(CALLS)}", *what, *child(*arguments)]


def why_not_traced(folder: Path) -> str:
    """Return why no process can be traced here; empty where one can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = run(
        ["strace", "-qq", "-o", str(folder / "tried"), "-e", "trace=fsync", "-e", "inject=fsync:error=EIO", "true"]
    )
    return f"strace is not permitted here: {tried.stderr.strip()}" if tried.returncode else ""


def count_calls(path: Path) -> Counter[str]:
    """Return how often a traced child has called what, from the file that strace wrote."""
    lines = Path(f"{path}.calls").read_text(encoding="utf-8", errors="replace").splitlines()
    return Counter(found[1] for line in lines if (found := re.match(r"(\w+)\(", line)))


def judge(path: Path, printed: str, *, was: int = 0) -> int:
    """Hold a log against what was acknowledged, append to it, and return how many appends it held.

    `was`: acknowledged by earlier processes. There may be one append more than was acknowledged, whole.
    """
    lines = printed.splitlines()
    acknowledged = max([was, *(int(line) for line in lines if line.isdigit())])
    if not path.exists():
        assert acknowledged == 0
        assert "made" not in lines
        create_log(path, [log_child.DAY], blobs={"network": b"roads" * 1000})
    with open_log(path) as log:
        events = log.events()
        assert len(events) % 2 == 1
        kept = len(events) // 2
        assert kept in (acknowledged, acknowledged + 1)
        assert events == log_child.whole(kept)
        assert log.blob("network") == b"roads" * 1000
        for number in range(1, kept + 1):
            assert log.blob(f"plan/{number}") == log_child.document(number)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT count(*) FROM blobs").fetchone() == (kept + 1,)
    with open_log(path) as log:
        events, blobs = log_child.together(kept + 1)
        assert log.append(events, expected_seq=2 * kept + 1, blobs=blobs) == 2 * kept + 3
    return kept
