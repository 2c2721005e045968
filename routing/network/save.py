"""Store a road network in one file, and read it back.

The file is a zip archive of NumPy arrays (so `numpy.load` opens it too) and `meta.json`. The same network always
gives the same bytes: members are stored in a fixed order, without compression and without the time of day.
"""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from routing.errors import InputError, Issue
from routing.network.hierarchy import Hierarchy
from routing.network.profile import Profile
from routing.network.road_network import BuildReport, RoadNetwork

FORMAT = "routing-network"
VERSION = 1
_META = "meta.json"
_HIERARCHY = "hierarchy"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def save_network(network: RoadNetwork, target: Path | BinaryIO) -> None:
    """Write a network to a path or a binary stream."""
    arrays: dict[str, NDArray[Any]] = {}
    meta: dict[str, Any] = {"format": FORMAT, "version": VERSION}
    for field in dataclasses.fields(network):
        value = getattr(network, field.name)
        if isinstance(value, Hierarchy):
            for part in dataclasses.fields(value):
                arrays[f"{_HIERARCHY}.{part.name}"] = getattr(value, part.name)
        elif isinstance(value, np.ndarray):
            arrays[field.name] = value
        else:
            meta[field.name] = dataclasses.asdict(value) if isinstance(value, Profile | BuildReport) else value
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_member(_META), json.dumps(meta, ensure_ascii=False, sort_keys=True).encode())
        for name, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(_member(f"{name}.npy"), content.getbuffer())


def load_network(source: Path | BinaryIO) -> RoadNetwork:
    """Read a network from a path or a binary stream.

    Raises
    ------
    InputError
        Where it is missing, damaged, of another program or of another version.
    """
    where = str(source) if isinstance(source, Path) else "the stored network"
    if isinstance(source, Path) and not source.is_file():
        raise _fault(where, "NETWORK_MISSING", "there is no such file")
    try:
        with zipfile.ZipFile(source) as archive:
            meta = json.loads(archive.read(_META))
            if meta["format"] != FORMAT:
                raise _fault(where, "NETWORK_FORMAT", "was not written as a road network")
            if meta["version"] != VERSION:
                cause = f"is of version {meta['version']}, this program reads version {VERSION}"
                raise _fault(where, "NETWORK_VERSION", cause)
            return _assemble(meta, archive)
    except InputError:
        raise
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, EOFError) as error:
        raise _fault(where, "NETWORK_DAMAGED", "is damaged or no road network") from error


def _assemble(meta: dict[str, Any], archive: zipfile.ZipFile) -> RoadNetwork:
    parts = {part.name: _array(archive, f"{_HIERARCHY}.{part.name}") for part in dataclasses.fields(Hierarchy)}
    values: dict[str, Any] = {
        "hierarchy": Hierarchy(**parts),
        "profile": Profile(**{name: _frozen(value) for name, value in meta.pop("profile").items()}),
        "report": BuildReport(**{name: _frozen(value) for name, value in meta.pop("report").items()}),
    }
    for field in dataclasses.fields(RoadNetwork):
        if field.name in meta:
            values[field.name] = _frozen(meta[field.name])
        elif field.name not in values:
            values[field.name] = _array(archive, field.name)
    return RoadNetwork(**values)


def _array(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    content = np.lib.format.read_array(io.BytesIO(archive.read(f"{name}.npy")), allow_pickle=False)
    array = np.asarray(content)
    array.flags.writeable = False
    return array


def _frozen(value: Any) -> Any:
    """Return JSON lists as the tuples that they were."""
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=_EPOCH)
    info.create_system = _UNIX
    info.external_attr = 0o644 << 16
    return info


def _fault(where: str, code: str, cause: str) -> InputError:
    return InputError([Issue(code=code, where=where, cause=cause, action="build the network from its map again")])
