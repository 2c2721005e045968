from __future__ import annotations

import os
import threading

import pytest
from plan_documents import sample_document

from routing.errors import InputError
from routing.export.files import chosen_routes, file_stems, write_whole


def test_a_plain_id_is_its_own_file_name():
    assert file_stems(["van-1", "VAN_2", "7"]) == {"van-1": "van-1", "VAN_2": "VAN_2", "7": "7"}


@pytest.mark.parametrize(
    "vehicle_id", ["../../etc/passwd", "a/b", "", ".hidden", "con", "map", "v\x00", "ü", "x" * 300]
)
def test_any_other_id_becomes_a_name_that_stays_in_its_folder(vehicle_id, tmp_path):
    stem = file_stems([vehicle_id])[vehicle_id]
    assert (tmp_path / f"{stem}.gpx").resolve().parent == tmp_path.resolve()
    assert stem.isascii()
    assert not stem.startswith((".", "-"))
    assert len(stem) < 64
    assert stem.lower() not in {"con", "map"}


def test_no_two_vehicles_share_a_file_even_where_capitals_do_not_count():
    ids = ["Van", "van", "a/b", "a:b", "a_b"]
    assert len({stem.lower() for stem in file_stems(ids).values()}) == len(ids)


def test_a_vehicle_without_a_route_is_a_fault_that_names_the_others():
    with pytest.raises(InputError, match="van-1, van-2"):
        chosen_routes(sample_document(), "van-9")


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path):
    target = tmp_path / "taken"
    target.mkdir()
    with pytest.raises(InputError) as caught:
        write_whole(target, "text")
    assert caught.value.issues[0].code == "OUTPUT_UNWRITABLE"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_is_replaced_whole(tmp_path):
    path = tmp_path / "plan.json"
    write_whole(path, "a long first text")
    assert write_whole(path, b"new") == path
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path):
    path, link = tmp_path / "monday.json", tmp_path / "plan.json"
    path.write_text("old")
    link.symlink_to(path)
    write_whole(link, "new")
    assert link.is_symlink()
    assert path.read_text() == "new"


def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    heard = []
    reader = threading.Thread(target=lambda: heard.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write_whole(pipe, "text")
    assert pipe.is_fifo()
    reader.join(timeout=10)
    assert heard == [b"text"]


def test_a_file_that_is_read_only_stays_as_it_is(tmp_path):
    path = tmp_path / "plan.json"
    path.write_text("old")
    path.chmod(0o444)
    if os.access(path, os.W_OK):
        pytest.skip("this user may write everywhere")
    with pytest.raises(InputError, match="Permission denied"):
        write_whole(path, "new")
    assert path.read_text() == "old"
