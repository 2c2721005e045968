"""Store a road network in one file, and open it again by memory map.

The file is a zip archive of NumPy arrays (so `numpy.load` opens it too) and `meta.json`. Its members are stored
without compression, each array's numbers at a multiple of 64 bytes, so that loading copies nothing: the arrays are
read-only views of the file, and processes that open the same file share its memory. That is all that Arrow's files
would give here, without a dependency. The same network always gives the same bytes: members come in a fixed order
and without the time of day.

A network is refused, never guessed, where it was written by another version: `VERSION` counts the forms of the
archive, and `layout_sha256` tells the fields that the classes had.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import math
import mmap
import struct
import tempfile
import zipfile
import zlib
from pathlib import Path
from types import UnionType
from typing import Any, BinaryIO, Union, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from routing.errors import InputError, Issue
from routing.network.hierarchy import Hierarchy
from routing.network.profile import Profile
from routing.network.road_network import RoadNetwork

FORMAT = "routing-network"
VERSION = 2
ALIGN_BYTES = 64
_META = "meta.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_LOCAL_HEADER = struct.Struct("<26xHH")
"""Lengths of a member's name and of its extra field, at the end of its 30 bytes (APPNOTE.TXT 4.3.7)."""
_PADDING = struct.Struct("<HHH")
_PADDING_ID = 0xD935
"""Extra field of Android's zipalign: the alignment, then zeros."""
_NPY_HEADER_BYTES = 4096
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    KeyError,
    TypeError,
    ValueError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)
"""What zipfile, json, NumPy and the classes raise where bytes are not what was written."""


def save_network(network: RoadNetwork, target: Path | BinaryIO) -> None:
    """Write a network to a path or a binary stream.

    A file appears whole or not at all, also where several processes write it at once; who has the old one open, by
    memory map, keeps it.

    Raises
    ------
    InputError
        Where the file cannot be written.
    """
    if not isinstance(target, Path):
        _write(network, target)
        return
    try:
        with tempfile.TemporaryDirectory(dir=target.resolve().parent, prefix=f".{target.name}.") as folder:
            partial = Path(folder) / "part"
            with partial.open("wb") as stream:
                _write(network, stream)
            partial.replace(target.resolve())
    except OSError as error:
        cause = f"cannot be written ({error.strerror or error})"
        issue = Issue(code="OUTPUT_UNWRITABLE", where=str(target), cause=cause, action="name a folder to write to")
        raise InputError([issue]) from error


def load_network(source: Path | BinaryIO) -> RoadNetwork:
    """Open a network at a path, by memory map, or read it from a binary stream.

    The checksum of every member is compared, a reading of the file at memory speed: compiled searches follow the
    arrays without looking at bounds.

    Raises
    ------
    InputError
        Where it is missing, damaged, of another program or of another version.
    """
    where = str(source) if isinstance(source, Path) else "the stored network"
    if isinstance(source, Path) and not source.is_file():
        raise _fault(where, "NETWORK_MISSING", "there is no such file")
    try:
        if not isinstance(source, Path):
            content = source.read()
            return _read(io.BytesIO(content), memoryview(content), where)
        with source.open("rb") as stream:
            return _read(stream, memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)), where)
    except InputError:
        raise
    except OSError as error:
        raise _fault(where, "NETWORK_UNREADABLE", f"cannot be read ({error.strerror or error})") from error
    except _DAMAGE as error:
        raise _fault(where, "NETWORK_DAMAGED", "is damaged or no road network") from error


def layout_sha256() -> str:
    """Return a hash of the names and types that the parts of a network have in this version of the program."""
    told = [
        (kind.__name__, [(field.name, str(field.type)) for field in dataclasses.fields(kind)])
        for kind in dict.fromkeys(_classes(RoadNetwork))
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def profile_sha256(profile: Profile) -> str:
    """Return a hash of all that a profile says."""
    return hashlib.sha256(_json(_plain(profile))).hexdigest()


def _write(network: RoadNetwork, target: BinaryIO) -> None:
    arrays: dict[str, NDArray[Any]] = {}
    meta: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "layout_sha256": layout_sha256(),
        "profile_sha256": profile_sha256(network.profile),
    }
    for field in dataclasses.fields(network):
        value = getattr(network, field.name)
        if isinstance(value, Hierarchy):
            for part in dataclasses.fields(value):
                arrays[f"{field.name}.{part.name}"] = getattr(value, part.name)
        elif isinstance(value, np.ndarray):
            arrays[field.name] = value
        else:
            meta[field.name] = _plain(value)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_member(_META, 0), _json(meta))
        for name, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(_member(f"{name}.npy", archive.start_dir), content.getbuffer())


def _member(name: str, offset: int) -> zipfile.ZipInfo:
    """Return the entry of a member whose header begins at an offset; its content is aligned by an extra field."""
    info = zipfile.ZipInfo(name, date_time=_EPOCH)
    info.create_system = _UNIX
    info.external_attr = 0o644 << 16
    fixed = _LOCAL_HEADER.size + len(name) + _PADDING.size
    zeros = -(offset + fixed) % ALIGN_BYTES
    info.extra = _PADDING.pack(_PADDING_ID, 2 + zeros, ALIGN_BYTES) + bytes(zeros)
    return info


def _read(stream: BinaryIO, content: memoryview, where: str) -> RoadNetwork:
    with zipfile.ZipFile(stream) as archive:
        meta = json.loads(archive.read(_META))
        if meta["format"] != FORMAT:
            raise _fault(where, "NETWORK_FORMAT", "was not written as a road network")
        if (meta["version"], meta.get("layout_sha256")) != (VERSION, layout_sha256()):
            cause = f"was written by another version of this program (format {meta['version']}, here {VERSION})"
            raise _fault(where, "NETWORK_VERSION", cause)
        return _assemble(meta, archive, content)


def _assemble(meta: dict[str, Any], archive: zipfile.ZipFile, content: memoryview) -> RoadNetwork:
    hints = get_type_hints(RoadNetwork)
    values: dict[str, Any] = {}
    for field in dataclasses.fields(RoadNetwork):
        hint = hints[field.name]
        if field.name in meta:
            values[field.name] = _rich(hint, meta[field.name])
        elif hint is Hierarchy:
            parts = (part.name for part in dataclasses.fields(Hierarchy))
            values[field.name] = Hierarchy(**{name: _array(archive, content, f"{field.name}.{name}") for name in parts})
        else:
            values[field.name] = _array(archive, content, field.name)
    return RoadNetwork(**values)


def _array(archive: zipfile.ZipFile, content: memoryview, name: str) -> NDArray[Any]:
    """Return a member's array as a view of the archive's bytes."""
    info = archive.getinfo(f"{name}.npy")
    name_bytes, extra_bytes = _LOCAL_HEADER.unpack_from(content, info.header_offset)
    begin = info.header_offset + _LOCAL_HEADER.size + name_bytes + extra_bytes
    member = content[begin : begin + info.file_size]
    if info.compress_type != zipfile.ZIP_STORED or zlib.crc32(member) != info.CRC:
        raise zipfile.BadZipFile(name)
    header = io.BytesIO(member[:_NPY_HEADER_BYTES])
    np.lib.format.read_magic(header)
    shape, fortran_order, dtype = np.lib.format.read_array_header_1_0(header)
    if fortran_order or dtype.hasobject:
        raise zipfile.BadZipFile(name)
    array = np.frombuffer(member[header.tell() :], dtype, math.prod(shape)).reshape(shape)
    return np.require(array, requirements="A")


def _plain(value: Any) -> Any:
    """Return a value of the classes as what JSON can hold; `_rich` is the way back."""
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _rich(hint: Any, value: Any) -> Any:
    """Return what JSON held in the type that a class names: dataclasses, tuples, None and plain values."""
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        hints = get_type_hints(hint)
        return hint(**{name: _rich(hints[name], item) for name, item in value.items()})
    if get_origin(hint) is tuple:
        inner = get_args(hint)
        inner = inner[:1] * len(value) if inner[1:] == (...,) else inner
        return tuple(_rich(*pair) for pair in zip(inner, value, strict=True))
    if get_origin(hint) in (Union, UnionType):
        return None if value is None else _rich(next(kind for kind in get_args(hint) if kind is not type(None)), value)
    return value


def _classes(hint: Any) -> list[type]:
    """Return the dataclasses that a type is made of, itself first."""
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return [hint, *(kind for inner in get_type_hints(hint).values() for kind in _classes(inner))]
    return [kind for inner in get_args(hint) for kind in _classes(inner)]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()


def _fault(where: str, code: str, cause: str) -> InputError:
    return InputError([Issue(code=code, where=where, cause=cause, action="build the network from its map again")])
