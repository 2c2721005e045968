import dataclasses
import io
import json
import zipfile

import numpy as np
import pytest
from numba import typeof
from real_maps import network

from routing.errors import InputError
from routing.network.profile import Profile
from routing.network.save import load_network, profile_sha256, save_network


def _bytes(saved):
    stream = io.BytesIO()
    save_network(saved, stream)
    return stream.getvalue()


def test_what_comes_back_is_what_was_saved(tmp_path):
    saved = network("helsinki")
    save_network(saved, tmp_path / "net.npz")
    loaded = load_network(tmp_path / "net.npz")
    for field in dataclasses.fields(saved):
        before, after = getattr(saved, field.name), getattr(loaded, field.name)
        if isinstance(before, np.ndarray):
            np.testing.assert_array_equal(before, after)
            assert before.dtype == after.dtype
            assert not after.flags.writeable
        elif field.name == "hierarchy":
            for part in dataclasses.fields(before):
                np.testing.assert_array_equal(getattr(before, part.name), getattr(after, part.name))
        else:
            assert before == after


def test_the_same_network_gives_the_same_bytes():
    first = _bytes(network("helsinki"))
    assert _bytes(load_network(io.BytesIO(first))) == first


def _arrays(built):
    own = {field.name: getattr(built, field.name) for field in dataclasses.fields(built)}
    hierarchy = {field.name: getattr(built.hierarchy, field.name) for field in dataclasses.fields(built.hierarchy)}
    return {name: array for name, array in {**own, **hierarchy}.items() if isinstance(array, np.ndarray)}


def test_arrays_are_views_of_the_file_at_multiples_of_64_bytes(tmp_path):
    save_network(network("helsinki"), tmp_path / "net.npz")
    for name, array in _arrays(load_network(tmp_path / "net.npz")).items():
        assert array.__array_interface__["data"][0] % 64 == 0, name
        assert not array.flags.owndata, name
        assert array.flags.c_contiguous, name
        assert array.flags.aligned, name


def test_numpy_itself_reads_the_file(tmp_path):
    built = network("helsinki")
    save_network(built, tmp_path / "net.npz")
    with np.load(tmp_path / "net.npz") as found:
        np.testing.assert_array_equal(found["turn_to"], built.turn_to)
        np.testing.assert_array_equal(found["hierarchy.rank"], built.hierarchy.rank)


def test_compiled_searches_meet_the_types_of_a_built_network_and_do_not_compile_again(tmp_path):
    built = network("helsinki")
    save_network(built, tmp_path / "net.npz")
    loaded = _arrays(load_network(tmp_path / "net.npz"))
    for name, array in _arrays(built).items():
        assert typeof(loaded[name]) == typeof(array), name


def test_a_file_can_be_written_over_while_it_is_open(tmp_path):
    path = tmp_path / "net.npz"
    save_network(network("helsinki"), path)
    opened = load_network(path)
    before = opened.turn_to.copy()
    save_network(opened, path)
    save_network(network("monaco"), path)
    np.testing.assert_array_equal(opened.turn_to, before)
    assert load_network(path).source == "monaco.osm.pbf"
    assert [each.name for each in tmp_path.iterdir()] == ["net.npz"]


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(InputError) as caught:
        save_network(network("helsinki"), tmp_path / "none" / "net.npz")
    assert caught.value.issues[0].code == "OUTPUT_UNWRITABLE"


def test_the_hash_of_a_profile_tells_profiles_apart():
    van = Profile.van()
    assert profile_sha256(van) == profile_sha256(Profile.van())
    assert profile_sha256(van) != profile_sha256(dataclasses.replace(van, signal_s=3.0))


def _with_meta(content, **changes):
    """Return a stored network with other values in its meta.json."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, json.dumps({**json.loads(data), **changes}) if name == "meta.json" else data)
    return stream.getvalue()


def _flip(content, at):
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda content: b"", "NETWORK_DAMAGED"),
        (lambda content: b"no network", "NETWORK_DAMAGED"),
        (lambda content: content[: len(content) // 2], "NETWORK_DAMAGED"),
        (lambda content: content[:5000] + bytes(9) + content[5009:], "NETWORK_DAMAGED"),
        (lambda content: content[:-1], "NETWORK_DAMAGED"),
        (lambda content: content[:-10_000], "NETWORK_DAMAGED"),
        (lambda content: _flip(content, 100), "NETWORK_DAMAGED"),
        (lambda content: _flip(content, len(content) // 2), "NETWORK_DAMAGED"),
        (lambda content: _with_meta(content, version=1), "NETWORK_VERSION"),
        (lambda content: _with_meta(content, version=99), "NETWORK_VERSION"),
        (lambda content: _with_meta(content, layout_sha256="other"), "NETWORK_VERSION"),
        (lambda content: _with_meta(content, format="other"), "NETWORK_FORMAT"),
        (lambda content: _with_meta(content, profile={"name": "car"}), "NETWORK_DAMAGED"),
    ],
)
def test_what_cannot_be_loaded_is_said(tmp_path, spoil, code):
    path = tmp_path / "net.npz"
    path.write_bytes(spoil(_bytes(network("helsinki"))))
    with pytest.raises(InputError) as caught:
        load_network(path)
    (issue,) = caught.value.issues
    assert (issue.code, issue.where) == (code, str(path))
    assert issue.action == "build the network from its map again"


def test_a_foreign_archive_and_a_missing_file(tmp_path):
    foreign = tmp_path / "foreign.npz"
    np.savez(foreign, a=np.arange(3))
    for path, code in [(foreign, "NETWORK_DAMAGED"), (tmp_path / "none.npz", "NETWORK_MISSING")]:
        with pytest.raises(InputError) as caught:
            load_network(path)
        assert caught.value.issues[0].code == code


def test_no_flipped_byte_of_a_header_is_a_traceback_or_a_wrong_network(tmp_path):
    content = _bytes(network("helsinki"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        starts = [info.header_offset for info in archive.infolist()]
        directory = archive.start_dir
    places = [*(start + step for start in starts[:4] for step in range(0, 200, 3)), *range(directory, len(content), 11)]
    expected = _arrays(network("helsinki"))
    refused = []
    for at in places:
        try:
            found = _arrays(load_network(io.BytesIO(_flip(content, at))))
        except InputError as error:
            refused.append(error.issues[0].code)
        else:  # such as the date of a member
            assert all(np.array_equal(found[name], array) for name, array in expected.items())
    assert len(refused) > len(places) // 4
    assert set(refused) <= {"NETWORK_DAMAGED", "NETWORK_VERSION", "NETWORK_FORMAT"}


def test_a_file_that_cannot_be_read_is_said(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(5, "Input/output error")

    path = tmp_path / "net.npz"
    save_network(network("helsinki"), path)
    monkeypatch.setattr("routing.network.save.mmap.mmap", refuse)
    with pytest.raises(InputError, match="Input/output error") as caught:
        load_network(path)
    assert caught.value.issues[0].code == "NETWORK_UNREADABLE"


def test_an_older_file_and_its_cure(tmp_path):
    path = tmp_path / "net.npz"
    path.write_bytes(_with_meta(_bytes(network("helsinki")), version=1))
    with pytest.raises(InputError, match="another version of this program"):
        load_network(path)
