"""Show what a calibration gained: errors before and after, with what of it may be luck."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from routing.interface.calibration import Calibration, Judged

_SAMPLES = 2_000
_SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """Hold how wrong one table was."""

    median_abs_s: float
    mean_abs_ratio: float
    """Mean of the absolute errors as shares of the true times (MAPE)."""
    bias_s: float
    """Median of what was expected less what it took."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """Hold the errors on the same drives before and after."""

    drives: int
    free_flow: Errors
    before: Errors
    after: Errors
    gain_ratio: float
    """By how much of itself the median absolute error fell."""
    gain_low_ratio: float
    gain_high_ratio: float
    """Between them lie 95 of 100 such gains, by paired bootstrap."""


def gain_of(judged: Judged) -> Gain | None:
    """Return what a table gained on the drives for which all times are known; None where there are none."""
    columns = np.stack([judged.free_flow_s, judged.before_s, judged.after_s])
    known = np.isfinite(columns).all(axis=0)
    if not known.any():
        return None
    took_s, expected_s = judged.took_s[known], columns[:, known]
    off_s = np.abs(expected_s - took_s)
    drawn = np.random.default_rng(_SEED).integers(0, took_s.size, (_SAMPLES, took_s.size))
    gains = 1.0 - np.median(off_s[2][drawn], axis=1) / np.maximum(np.median(off_s[1][drawn], axis=1), 1e-9)
    low, high = np.percentile(gains, (2.5, 97.5))
    free_flow, before, after = (_errors(each, took_s) for each in expected_s)
    return Gain(
        drives=int(took_s.size),
        free_flow=free_flow,
        before=before,
        after=after,
        gain_ratio=1.0 - after.median_abs_s / max(before.median_abs_s, 1e-9),
        gain_low_ratio=float(low),
        gain_high_ratio=float(high),
    )


def _errors(expected_s: NDArray[np.float64], took_s: NDArray[np.float64]) -> Errors:
    off_s = expected_s - took_s
    return Errors(
        median_abs_s=float(np.median(np.abs(off_s))),
        mean_abs_ratio=float(np.mean(np.abs(off_s) / took_s)),
        bias_s=float(np.median(off_s)),
    )


def print_calibration(console: Console, found: Calibration) -> None:
    """Print what was used, the errors, and what they are by the hour."""
    for words, count in found.used:
        console.print(f"{count:>8,}  {words}", soft_wrap=True)
    for title, judged in _kinds(found):
        whole = gain_of(judged)
        if whole is None:
            console.print(f"{title}: too few to judge any by the others.", soft_wrap=True)
            continue
        table = Table(title=title, title_justify="left", box=None, pad_edge=False)
        for name in ("", "drives", "free flow", "before", "after", "gain", "95 % between"):
            table.add_column(name, justify="right" if name else "left")
        for name in ("median error", "mean error", "bias"):
            cells = [_cell(name, errors) for errors in (whole.free_flow, whole.before, whole.after)]
            gain = (
                f"{whole.gain_ratio:+.0%}",
                f"{whole.gain_low_ratio:+.0%} and {whole.gain_high_ratio:+.0%}",
            )
            table.add_row(name, str(whole.drives), *cells, *(gain if name == "median error" else ("", "")))
        for hour, part in _by_hour(judged):
            cells = [_cell("median error", errors) for errors in (part.free_flow, part.before, part.after)]
            table.add_row(f"from {hour:02}:00", str(part.drives), *cells, f"{part.gain_ratio:+.0%}", "")
        console.print(table)
    if found.drives is not None:
        console.print(
            f"Direct journeys took {found.detour_ratio:.2f} times as long as the quickest drive by what the roads "
            "allow; the table holds that.",
            soft_wrap=True,
        )


def calibration_values(found: Calibration) -> dict[str, object]:
    """Return the same as plain values, for JSON."""
    values: dict[str, object] = {"used": dict(found.used), "detour_ratio": round(found.detour_ratio, 4)}
    for name, judged in (("drives", found.drives), ("paths", found.paths)):
        whole = gain_of(judged) if judged is not None else None
        by_hour = _by_hour(judged) if judged is not None else ()
        values[name] = whole and {**asdict(whole), "by_hour": {hour: asdict(part) for hour, part in by_hour}}
    return values


def _kinds(found: Calibration) -> Iterator[tuple[str, Judged]]:
    if found.drives is not None:
        yield "Journeys, as the quickest drive between their ends", found.drives
        yield "Journeys, along the roads that were driven", found.paths
    else:
        yield "Legs, along the roads of the plan", found.paths


def _by_hour(judged: Judged) -> Iterator[tuple[int, Gain]]:
    for hour in np.unique(judged.hour).tolist():
        at = judged.hour == hour
        part = gain_of(
            Judged(
                hour=judged.hour[at],
                took_s=judged.took_s[at],
                free_flow_s=judged.free_flow_s[at],
                before_s=judged.before_s[at],
                after_s=judged.after_s[at],
            )
        )
        if part is not None:
            yield hour, part


def _cell(name: str, errors: Errors) -> str:
    if name == "mean error":
        return f"{errors.mean_abs_ratio:.1%}"
    return f"{errors.median_abs_s:.0f} s" if name == "median error" else f"{errors.bias_s:+.0f} s"
