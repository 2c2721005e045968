"""Print for people: results on stdout, progress and faults on stderr, colours and motion only on a terminal."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO

from rich.console import Console
from rich.status import Status

from routing.errors import Issue

_PIPED_COLUMNS = 140
"""Width of tables in files and pipes, which have none of their own."""
_ALIKE = 8
"""So many faults of one kind in one column are told in full, the others by their lines."""
_PLACES = 50
"""So many of those lines are named; their count is told in any case."""


class _PipeConsole(Console):
    """Leave a closed pipe to the caller instead of ending the process."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def stdout() -> Console:
    """Return the console for results."""
    return _console(stderr=False)


def stderr() -> Console:
    """Return the console for progress and faults."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    console = _PipeConsole(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _PIPED_COLUMNS
    return console


@contextmanager
def stage_progress() -> Iterator[Status]:
    """Show on stderr what is being done; call `update` with each stage. Silent where stderr is no terminal."""
    console = stderr()
    console.quiet = not console.is_terminal
    with Status("", console=console) as status:
        yield status


def print_notes(notes: Sequence[str]) -> None:
    """Print on stderr what a reader should know that is no fault."""
    for note in notes:
        stderr().print(f"Note: {note}", soft_wrap=True)


def print_issues(issues: Sequence[Issue], stream: IO[str] | None = None) -> None:
    """Print every fault to stderr: where, code, cause and cure."""
    console = stderr() if stream is None else Console(file=stream, width=_PIPED_COLUMNS, markup=False)
    console.print(f"{len(issues)} fault{'' if len(issues) == 1 else 's'} in the input", style="bold red")
    for line in issue_lines(issues):
        console.print(line, soft_wrap=True)


def issue_lines(issues: Sequence[Issue]) -> list[str]:
    """Return the report of faults in words; of many alike the later ones give only their place."""
    alike: dict[tuple[str, str], list[Issue]] = defaultdict(list)
    for issue in issues:
        # The column, or the path without the numbers of its lists.
        alike[issue.code, re.sub(r"\[\d+\]", "[]", issue.where.rpartition(":")[2])].append(issue)
    told = {id(issue) for kind in alike.values() for issue in kind[:_ALIKE]}
    lines = []
    for issue in issues:
        if id(issue) in told:
            lines += [f"{issue.where}  {issue.code}", f"    {issue.cause}", f"    cure: {issue.action}"]
    for (code, _), kind in alike.items():
        if len(kind) > _ALIKE:
            rest = ", ".join(issue.where for issue in kind[_ALIKE : _ALIKE + _PLACES])
            rest += f" and {len(kind) - _ALIKE - _PLACES} more places" if len(kind) > _ALIKE + _PLACES else ""
            lines.append(f"{len(kind) - _ALIKE} more {code} at {rest}")
    return lines
