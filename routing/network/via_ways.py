"""Make restrictions over ways as via exact: copies of the lanes along the path that remember how it was come to.

A restriction "from A over B not to C" binds who came from A; others on B may go to C. So B is entered from A as a
copy of its own, which has all of B's turns but the forbidden one and leads back to ordinary lanes. Where the paths of
several restrictions overlap, a copy stands for all of them: copies are the states of an Aho-Corasick automaton
(Aho and Corasick, "Efficient String Matching", 1975) whose words are the paths and whose letters are the lanes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.network.turns import Turns


@dataclass(frozen=True, slots=True, kw_only=True)
class ViaPath:
    """Hold a path of lanes, the first one the way where the restriction begins, and what is forbidden after it."""

    lanes: tuple[int, ...]
    """Two or more, by the row of their direction."""
    banned: NDArray[np.int64]
    """Rows of the forbidden turns; all leave the last lane."""
    hours: str | None
    """When they are forbidden; None means always."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """Hold the turns between vertices: the lanes themselves, and after them the copies."""

    turns: Turns
    """The rows of before, some of which now lead to copies, and after them those of the copies."""
    allowed: NDArray[np.bool_]
    lane: NDArray[np.int64]
    """Lane of each vertex."""
    timed: tuple[tuple[str, NDArray[np.int64]], ...]
    """Hours, and the rows that are forbidden then."""


def copy_lanes(
    turns: Turns,
    lanes: int,
    allowed: NDArray[np.bool_],
    timed: Sequence[tuple[str, NDArray[np.int64]]],
    paths: Sequence[ViaPath],
) -> Copied:
    """Return the turns with the copies that paths need; `allowed` and `timed` tell what is forbidden on any path."""
    ending: dict[tuple[int, ...], list[ViaPath]] = {}
    for path in paths:
        ending.setdefault(path.lanes, []).append(path)
    states = sorted({path[:length] for path in ending for length in range(2, len(path) + 1)})
    number = {state: lanes + at for at, state in enumerate(states)}
    onto = turns.target.copy()
    source, target, origin = [turns.source], [onto], [np.arange(turns.source.size)]
    banned: list[NDArray[np.int64]] = []
    banned_at: list[tuple[str, NDArray[np.int64]]] = []
    size = turns.source.size
    for state, copy in number.items():
        if len(state) == 2:
            from_here = _rows(turns, state[0])
            onto[from_here[turns.target[from_here] == state[1]]] = copy
        rows = _rows(turns, state[-1])
        source.append(np.full(rows.size, copy))
        target.append(np.array([_follow(number, state, lane) for lane in turns.target[rows].tolist()], dtype=np.int64))
        origin.append(rows)
        for path in (each for at in range(len(state)) for each in ending.get(state[at:], ())):
            held = size + np.flatnonzero(np.isin(rows, path.banned))
            if path.hours is None:
                banned.append(held)
            else:
                banned_at.append((path.hours, held))
        size += rows.size
    of = np.concatenate(origin)
    copied = of[turns.source.size :]
    may = allowed[of]
    may[np.concatenate([np.zeros(0, dtype=np.int64), *banned])] = False
    return Copied(
        turns=Turns(
            source=np.concatenate(source),
            target=np.concatenate(target),
            is_u_turn=turns.is_u_turn[of],
            at_dead_end_only=turns.at_dead_end_only[of],
            cost_ms=turns.cost_ms[of],
        ),
        allowed=may,
        lane=np.concatenate([np.arange(lanes), np.array([state[-1] for state in states], dtype=np.int64)]),
        timed=(
            *(
                (hours, np.append(rows, turns.source.size + np.flatnonzero(np.isin(copied, rows))))
                for hours, rows in timed
            ),
            *banned_at,
        ),
    )


def _rows(turns: Turns, lane: int) -> NDArray[np.int64]:
    return np.arange(*np.searchsorted(turns.source, [lane, lane + 1]))


def _follow(number: dict[tuple[int, ...], int], state: tuple[int, ...], lane: int) -> int:
    """Return the copy of the longest path that a lane after a state goes on with, else the lane itself."""
    driven = (*state, lane)
    return next((number[driven[at:]] for at in range(len(state)) if driven[at:] in number), lane)
