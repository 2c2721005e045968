"""How fast each stage is on one core, with the other engines' figures from the same run beside it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from roads_maps import as_sorted_pbf, random_places
from roads_peers import one_thread, pinned

from routing import read_osm

WORKER = Path(__file__).parent / "roads_worker.py"
SHARES = ("1", "10", "100")
BAR_OF_CH = {(500, "durations_s"): 0.35, (500, "with_distances_s"): 0.6, (2000, "durations_s"): 0.35}
"""Share of what OSRM's contracted graph needs for the durations alone."""


def worker(core, *words):
    """Run one stage of ours in a process of its own; return what it tells and how long all of it took."""
    began = time.perf_counter()
    done = subprocess.run(
        [*pinned(core), sys.executable, str(WORKER), *map(str, words)], capture_output=True, text=True, env=one_thread()
    )
    if done.returncode:
        raise SystemExit(f"{words}: {done.stderr.strip()[-1500:]}")
    return {**json.loads(done.stdout.splitlines()[-1]), "process_s": time.perf_counter() - began}


def warm(core, map_file):
    """Let every kernel be compiled and cached before anything is timed."""
    with tempfile.TemporaryDirectory() as scratch:
        saved, points = Path(scratch) / "network", Path(scratch) / "points.json"
        points.write_text(json.dumps(random_places(read_osm(map_file), 20, 1)))
        worker(core, "build", map_file, saved)
        worker(core, "load", saved)
        worker(core, "table", saved, points)
        worker(core, "traffic", saved, points, "10", Path(scratch) / "speeds.csv")
        worker(core, "slices", saved, points)
        worker(core, "lines", saved, points)


class SpeedRun:
    """Time the stages on one map; every part is kept as soon as it is there."""

    def __init__(self, map_file, small_map, osrm, valhalla, options, kept):
        self.map_file = map_file
        self.small_map = small_map
        self.osrm = osrm
        self.valhalla = valhalla
        self.core = options.core
        self.seed = options.seed
        self.kept = kept
        self.folder = options.cache / "speed"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.saved = self.folder / f"{map_file.name.split('.')[0]}.network"

    def run(self):
        """Return all figures."""
        warm(self.core, self.small_map)
        extract = read_osm(self.map_file)
        points = {count: self._points(extract, count) for count in (200, 301, 500, 2000)}
        ours = {"build": self._ours("build", self.map_file, self.saved)}
        if not self.saved.exists():
            worker(self.core, "build", self.map_file, self.saved)
        ours["load"] = self._ours("load", self.saved)
        for count in (200, 500, 2000):
            ours[f"table {count}"] = self._ours("table", self.saved, points[count])
        for share in SHARES:
            speeds = self.folder / f"speeds-{share}.csv"
            ours[f"traffic {share}"] = self._ours("traffic", self.saved, points[200], share, speeds)
        ours["slices"] = self._ours("slices", self.saved, points[500])
        ours["lines"] = self._ours("lines", self.saved, points[301])
        ours["scipy"] = self._ours("scipy", self.saved, points[500])
        return {"ours": ours, **self._peers(points)}

    def _peers(self, points):
        theirs = {}
        for algorithm in ("CH", "MLD") if self.osrm.python else ():
            folder, took = self.osrm.data(self.map_file, "routability", algorithm)
            theirs[f"osrm build {algorithm}"] = took
            for count in (200, 500, 2000):
                part = f"osrm table {algorithm} {count}"
                theirs[part] = self.kept.of(
                    f"speed {self.map_file.name} {part}",
                    lambda folder=folder, algorithm=algorithm, count=count: self.osrm.ask(
                        "table", folder, algorithm, points[count], "-"
                    ),
                )
            if algorithm == "MLD":
                for share in SHARES:
                    speeds = self.folder / f"speeds-{share}.csv"
                    theirs[f"osrm update {share}"] = self.kept.of(
                        f"speed {self.map_file.name} osrm update {share}",
                        lambda folder=folder, speeds=speeds: self.osrm.ask("update", folder, speeds, points[200]),
                    )
        if self.valhalla.python:
            _, theirs["valhalla build"] = self.valhalla.data(as_sorted_pbf(self.map_file, self.valhalla.cache))
        return theirs

    def _ours(self, *words):
        told = " ".join(str(word) for word in words if not isinstance(word, Path))
        named = [word.stem for word in words if isinstance(word, Path) and word.suffix == ".json"]
        part = f"speed {self.map_file.name} {' '.join([told, *named])}"
        return self.kept.of(part, lambda: worker(self.core, *words))

    def _points(self, extract, count):
        file = self.folder / f"{self.map_file.name.split('.')[0]}-points-{count}.json"
        file.write_text(json.dumps(random_places(extract, count, self.seed)))
        return file


def print_speed(figures):
    """Print each stage beside its bar and the others' figures."""
    ours = figures["ours"]
    build, load = ours["build"], ours["load"]
    lines = [
        _line("map file → saved network, process", build["process_s"], 8.0, _others(figures, _built)),
        _line("  of which read, build, save", build["read_s"] + build["build_s"] + build["save_s"], None, ""),
        _line("  peak memory, MB", build["peak_mb"], 400.0, ""),
        _line("saved network, opened again", load["load_s"], 0.5, ""),
    ]
    for count, bar_mb in ((200, None), (500, None), (2000, 600.0)):
        mine = ours[f"table {count}"]
        contracted = figures.get(f"osrm table CH {count}", {}).get("durations_s")
        for told, key in (("durations", "durations_s"), ("with distances", "with_distances_s")):
            share = BAR_OF_CH.get((count, key))
            bar = share * contracted if share and contracted else None
            spent = mine.get(key, mine["with_distances_s"])
            lines.append(_line(f"{count} x {count} {told}", spent, bar, _others(figures, _table(count, key))))
        lines.append(_line(f"  peak memory, MB, {count} x {count}", mine["peak_mb"], bar_mb, ""))
    lines.append(_line("customise all", ours["table 500"]["customise_s"], None, ""))
    for share in SHARES:
        told = ours[f"traffic {share}"]
        others = _updated(figures, share)
        lines.append(_line(f"traffic on {share} % of ways, by arc → 200 x 200", told["times_s"], 0.25, others))
        forms = (
            (f"as {told['ways']} conditions", "conditions_s"),
            ("as speeds between nodes", "speeds_s"),
            ("as OSRM's file", "file_s"),
        )
        lines += [_line(f"  {words}", told[key], 0.25, "") for words, key in forms]
    lines.append(_line("  weather on every arc", ours["traffic 1"]["weather_s"], 0.25, ""))
    day = ours["slices"]
    lines += [
        _line(f"{day['slices']} slices of 500 x 500", day["all_s"], 8.0, ""),
        _line("  peak memory, MB", day["all_mb"], 300.0, ""),
        _line(f"  after a local report, {day['remade']} of them anew", day["remade_s"], None, ""),
        _line("300 legs' geometries", ours["lines"]["lines_s"], 0.2, ""),
    ]
    print("\n".join(lines))


def _line(what, spent, bar, others):
    told = "" if bar is None else f"≤ {bar:<8.3f}{'reached' if spent <= bar else 'MISSED'}"
    return f"{what:<56}{spent:>9.3f}  {told:<20}{others}"


def _others(figures, choose):
    return ", ".join(f"{name} {spent:.2f}" for name, spent in choose(figures) if spent is not None)


def _built(figures):
    for name, words in (("OSRM CH", "osrm build CH"), ("OSRM MLD", "osrm build MLD"), ("Valhalla", "valhalla build")):
        if words in figures:
            yield name, sum(spent for step, spent in figures[words].items() if step.endswith("_s"))


def _table(count, key):
    def choose(figures):
        mine = figures["ours"][f"table {count}"]
        mine_s = mine.get(key, mine["with_distances_s"])
        for algorithm in ("CH", "MLD"):
            spent = figures.get(f"osrm table {algorithm} {count}", {}).get(key)
            if spent is not None:
                yield f"OSRM {algorithm}", spent
                yield f"(x {mine_s / spent:.2f})", None
        for name in ("scipy", "networkx"):
            yield f"{name}, extrapolated,", figures["ours"]["scipy"][f"{name}_source_s"] * count

    return choose


def _updated(figures, share):
    told = figures.get(f"osrm update {share}")
    return f"OSRM MLD customise, load and table {sum(told.values()):.2f}" if told else ""
