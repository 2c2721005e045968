"""Networks that are kept: found for the same map, profile and rules alone, and never a reason to fail."""

from __future__ import annotations

import multiprocessing
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from monaco_day import MONACO, write_day
from real_maps import network

from routing.interface import network_cache, planning
from routing.interface.network_cache import NetworkCache
from routing.interface.planning import assemble, network_for
from routing.interface.read_inputs import KnownMap, PlanFiles, open_map
from routing.network.profile import Profile
from routing.network.save import load_network
from routing.osm.extract import Extract

HELSINKI = "helsinki.osm.pbf"


@pytest.fixture
def cache(tmp_path: Path) -> NetworkCache:
    return NetworkCache(folder=tmp_path / "kept")


def test_a_kept_network_is_found_again_by_map_and_profile(cache: NetworkCache) -> None:
    built = network("helsinki")
    assert cache.find(built.source_sha256, built.profile, HELSINKI) is None
    assert cache.any_of(built.source_sha256) is None
    cache.keep(built)
    found = cache.find(built.source_sha256, Profile.van(), "other name.pbf")
    assert found is not None
    assert (found.turn_to.tolist(), found.source) == (built.turn_to.tolist(), "other name.pbf")
    assert cache.find(built.source_sha256, Profile.car(), HELSINKI) is None
    assert cache.find(built.source_sha256, replace(Profile.van(), u_turn_s=21.0), HELSINKI) is None
    assert cache.find("0" * 64, Profile.van(), HELSINKI) is None
    assert cache.any_of(built.source_sha256) is not None


def test_other_rules_find_nothing(cache: NetworkCache, monkeypatch: pytest.MonkeyPatch) -> None:
    built = network("helsinki")
    cache.keep(built)
    monkeypatch.setattr(network_cache, "_rules_sha256", lambda: "f" * 64)
    assert cache.find(built.source_sha256, built.profile, HELSINKI) is None
    assert cache.any_of(built.source_sha256) is None


def test_a_plan_reads_its_map_once(tmp_path: Path, cache: NetworkCache, monkeypatch: pytest.MonkeyPatch) -> None:
    write_day(tmp_path)
    files = PlanFiles(
        map=MONACO, stops=tmp_path / "stops.csv", fleet=tmp_path / "fleet.csv", date=date(2026, 11, 23), cache=cache
    )
    first = assemble(files)
    assert isinstance(first.inputs.map, Extract)
    monkeypatch.setattr(planning, "build_network", None)  # calling it would fail
    again = assemble(files)
    assert isinstance(again.inputs.map, KnownMap)
    assert again.inputs.hashes == first.inputs.hashes
    assert again.inputs.time_zone == first.inputs.time_zone
    assert again.network.report == first.network.report
    tables = (found.problem.travel.matrix.duration_s.tolist() for found in (first, again))
    assert next(tables) == next(tables)


def test_another_profile_of_a_known_map_is_built_from_its_roads(cache: NetworkCache) -> None:
    network_for(open_map(MONACO, cache=cache), "van", cache=cache)
    opened = open_map(MONACO, cache=cache)
    assert isinstance(opened, KnownMap)
    assert network_for(opened, "car", cache=cache).profile == Profile.car()
    assert len(list(cache.folder.glob("*.npz"))) == 2


def test_a_damaged_file_is_built_again(cache: NetworkCache) -> None:
    network_for(open_map(MONACO, cache=cache), "van", cache=cache)
    (file,) = cache.folder.glob("*.npz")
    file.write_bytes(file.read_bytes()[:-100])
    built = network_for(open_map(MONACO, cache=cache), "van", cache=cache)
    assert load_network(file).turn_to.tolist() == built.turn_to.tolist()


def test_what_was_used_least_lately_goes_first(cache: NetworkCache, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.keep(network("helsinki"))
    (old,) = cache.folder.glob("*.npz")
    os.utime(old, (1, 1))
    monkeypatch.setattr(network_cache, "MOST_BYTES", 1)
    cache.keep(network("monaco"))
    (left,) = cache.folder.glob("*.npz")
    assert load_network(left).source == "monaco.osm.pbf"


def test_a_folder_that_may_only_be_read_serves_too(cache: NetworkCache, monkeypatch: pytest.MonkeyPatch) -> None:
    built = network("helsinki")
    cache.keep(built)

    def refuse(file: Path) -> None:
        raise PermissionError(file)

    monkeypatch.setattr(os, "utime", refuse)
    assert cache.find(built.source_sha256, built.profile, HELSINKI) is not None


def test_a_folder_that_cannot_be_made_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    cache = NetworkCache(folder=tmp_path / "file" / "kept")
    assert network_for(open_map(MONACO, cache=cache), "van", cache=cache).arc_count > 0


def _keep(folder: Path) -> None:
    built = network("helsinki")
    for _ in range(5):
        NetworkCache(folder=folder).keep(built)


def test_processes_share_a_folder(cache: NetworkCache) -> None:
    context = multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else None)
    built = network("helsinki")  # made once, before the processes part
    writers = [context.Process(target=_keep, args=(cache.folder,)) for _ in range(2)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        found = cache.find(built.source_sha256, built.profile, HELSINKI)
        assert found is None or found.arc_count == built.arc_count
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert len(list(cache.folder.iterdir())) == 1


def test_where_the_cache_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert NetworkCache.at("off") is None
    assert NetworkCache.at(str(tmp_path)) == NetworkCache(folder=tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert NetworkCache.at(None) == NetworkCache(folder=tmp_path / "routing" / "networks")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert NetworkCache.at(None) == NetworkCache(folder=tmp_path / ".cache" / "routing" / "networks")
