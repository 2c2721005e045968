"""The embedded maps, read and built once for all tests."""

from functools import cache
from pathlib import Path

from routing.network.build import build_network
from routing.network.profile import Profile
from routing.network.road_network import RoadNetwork
from routing.osm.extract import Extract
from routing.osm.read import read_osm

MAPS = Path(__file__).parents[2] / "maps"


@cache
def extract(name: str) -> Extract:
    return read_osm(MAPS / f"{name}.osm.pbf")


@cache
def network(name: str, profile: str = "van") -> RoadNetwork:
    return build_network(extract(name), Profile.named(profile))
