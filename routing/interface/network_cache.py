"""Keep built road networks in a folder, so that a map is read and built once for each profile.

A network is found again by the hash of its map, the hash of its profile and the hash of the rules that built it, which
is that of the source files of `routing.osm` and `routing.network`: another version of the program never meets the
networks of this one. Files appear whole or not at all, so processes may share the folder; what cannot be read or
written is as if it were not there.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import routing
from routing.errors import InputError
from routing.network.profile import Profile
from routing.network.road_network import RoadNetwork
from routing.network.save import load_network, profile_sha256, save_network

OFF = "off"
MOST_BYTES = 2 * 1024**3
"""The networks that were used least lately go where all of them take more."""
_DIGITS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkCache:
    """Keep networks in a folder, which is made when the first one is kept."""

    folder: Path

    @classmethod
    def at(cls, place: str | None) -> NetworkCache | None:
        """Return the cache in a folder, in the user's own folder (None), or no cache (`off`)."""
        if place == OFF:
            return None
        try:
            return cls(folder=Path(place) if place else _user_folder())
        except RuntimeError:  # a user without a home
            return None

    def any_of(self, map_sha256: str) -> RoadNetwork | None:
        """Return some network of a map, whatever its profile."""
        pattern = f"{map_sha256[:_DIGITS]}-*-{_rules_sha256()[:_DIGITS]}.npz"
        found = (self._open(file, map_sha256) for file in sorted(self.folder.glob(pattern)))
        return next((network for network in found if network is not None), None)

    def find(self, map_sha256: str, profile: Profile, source: str) -> RoadNetwork | None:
        """Return the network of a map for a profile; its source is the name that the map has now."""
        network = self._open(self._file(map_sha256, profile), map_sha256)
        return None if network is None or network.profile != profile else dataclasses.replace(network, source=source)

    def keep(self, network: RoadNetwork) -> None:
        """Keep a network, and let those go that were used least lately where there is no room for all."""
        file = self._file(network.source_sha256, network.profile)
        with contextlib.suppress(OSError, InputError):
            self.folder.mkdir(parents=True, exist_ok=True)
            save_network(network, file)
            used = sorted(self.folder.glob("*.npz"), key=lambda each: each.stat().st_mtime_ns, reverse=True)
            total = 0
            for each in used:
                total += each.stat().st_size
                if total > MOST_BYTES and each != file:
                    each.unlink(missing_ok=True)

    def _file(self, map_sha256: str, profile: Profile) -> Path:
        parts = (map_sha256, profile_sha256(profile), _rules_sha256())
        return self.folder / f"{'-'.join(part[:_DIGITS] for part in parts)}.npz"

    def _open(self, file: Path, map_sha256: str) -> RoadNetwork | None:
        try:
            network = load_network(file)
        except InputError:
            return None
        with contextlib.suppress(OSError):  # a folder that may only be read serves too
            os.utime(file)
        return network if network.source_sha256 == map_sha256 else None


def _user_folder() -> Path:
    """Return the folder that https://specifications.freedesktop.org/basedir-spec names, or Windows' own."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".cache") / "routing" / "networks"


@cache
def _rules_sha256() -> str:
    """Return a hash of what turns a map into a network."""
    package = Path(routing.__file__).parent
    files = [
        file for room in ("osm", "network") for file in (package / room).rglob("*") if file.suffix in (".py", ".toml")
    ]
    told = hashlib.sha256(routing.__version__.encode())
    for file in sorted(files):
        told.update(file.relative_to(package).as_posix().encode() + file.read_bytes())
    return told.hexdigest()
