import dataclasses
import io
import json
import zipfile

import numpy as np
import pytest
from real_maps import network

from routing.errors import InputError
from routing.network.save import load_network, save_network


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


def _with_meta(content, **changes):
    """Return a stored network with other values in its meta.json."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, json.dumps({**json.loads(data), **changes}) if name == "meta.json" else data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda content: b"", "NETWORK_DAMAGED"),
        (lambda content: b"no network", "NETWORK_DAMAGED"),
        (lambda content: content[: len(content) // 2], "NETWORK_DAMAGED"),
        (lambda content: content[:5000] + bytes(9) + content[5009:], "NETWORK_DAMAGED"),
        (lambda content: _with_meta(content, version=99), "NETWORK_VERSION"),
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


def test_a_foreign_archive_and_a_missing_file(tmp_path):
    foreign = tmp_path / "foreign.npz"
    np.savez(foreign, a=np.arange(3))
    for path, code in [(foreign, "NETWORK_DAMAGED"), (tmp_path / "none.npz", "NETWORK_MISSING")]:
        with pytest.raises(InputError) as caught:
            load_network(path)
        assert caught.value.issues[0].code == code
