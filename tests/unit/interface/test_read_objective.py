"""What each thing costs: defaults, overrides and refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from routing.errors import InputError
from routing.interface.read_objective import read_objective
from routing.problem.model import Objective


def write(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_not_named_keeps_its_default(tmp_path: Path) -> None:
    found = read_objective(write(tmp_path, "o.toml", "duty_cents_per_h = 3000\n"))
    assert found == Objective(duty_cents_per_h=3_000)
    assert found.distance_cents_per_km == 35


def test_json_and_toml_say_the_same(tmp_path: Path) -> None:
    toml = write(tmp_path, "o.toml", "vehicle_cents = 0\nunserved_cents = 20000\n")
    json = write(tmp_path, "o.json", '{"vehicle_cents": 0, "unserved_cents": 20000}')
    assert read_objective(toml) == read_objective(json) == Objective(vehicle_cents=0, unserved_cents=20_000)


def test_every_unknown_key_and_value_is_named_with_the_known_keys(tmp_path: Path) -> None:
    path = write(tmp_path, "o.toml", "duty = 1\nvehicle_cents = -1\nlateness_cents_per_min = true\nunserved_cents=1.5")
    with pytest.raises(InputError) as caught:
        read_objective(path)
    codes = [(issue.code, issue.where.removeprefix(f"{path}:")) for issue in caught.value.issues]
    assert codes == [
        ("OBJECTIVE_UNKNOWN", "duty"),
        ("OBJECTIVE_VALUE", "vehicle_cents"),
        ("OBJECTIVE_VALUE", "lateness_cents_per_min"),
        ("OBJECTIVE_VALUE", "unserved_cents"),
    ]
    assert "duty_cents_per_h" in caught.value.issues[0].action


@pytest.mark.parametrize(("name", "text"), [("o.toml", "duty ="), ("o.json", "{"), ("o.json", "[1]")])
def test_a_file_of_another_form_is_refused(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_objective(write(tmp_path, name, text))
    assert [issue.code for issue in caught.value.issues] == ["OBJECTIVE_FORMAT"]
