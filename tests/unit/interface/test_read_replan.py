"""Prices and freezes from a file, with all its faults at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from routing.errors import InputError
from routing.interface.read_replan import KNOWN, read_replan_options


def test_what_a_file_names_is_read_from_toml_and_json(tmp_path: Path) -> None:
    toml, other = tmp_path / "replan.toml", tmp_path / "replan.json"
    toml.write_text("gain_cents = 500\nproposes = true\nnear_factor = 2\nfreeze_order_stops = 3\n", encoding="utf-8")
    other.write_text('{"gain_cents": 500, "proposes": true, "near_factor": 2, "freeze_order_stops": 3}', "utf-8")
    told = {"gain_cents": 500, "proposes": True, "near_factor": 2, "freeze_order_stops": 3}
    assert read_replan_options(toml) == read_replan_options(other) == told


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "replan.toml"
    path.write_text(
        "gain_cent = 5\nseed = 3\ngain_cents = -1\nproposes = 1\nnear_factor = 0.5\n"
        "attempts_per_day = 0\npromise_s = true\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        read_replan_options(path)
    assert {(issue.where.rpartition(":")[2], issue.code.rpartition("_")[2]) for issue in caught.value.issues} == {
        ("gain_cent", "UNKNOWN"),
        ("seed", "UNKNOWN"),
        ("gain_cents", "VALUE"),
        ("proposes", "VALUE"),
        ("near_factor", "VALUE"),
        ("attempts_per_day", "VALUE"),
        ("promise_s", "VALUE"),
    }
    (seed,) = [issue for issue in caught.value.issues if issue.where.endswith("seed")]
    assert seed.action == "Give it as --seed."


def test_what_has_an_option_of_its_own_is_in_no_file() -> None:
    assert {"time_limit_s", "iterations", "seed"}.isdisjoint(KNOWN)
    assert {"gain_cents", "freeze_all_s", "delay_spread_s", "patience_iterations"} <= set(KNOWN)
