"""What two engines' paths have not in common, told by the tags of the ways on either."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np

from routing.network.location import ARC_UNITS
from routing.units import great_circle_m

_TOLD = (
    "highway", "service", "oneway", "junction", "access", "vehicle", "motor_vehicle", "motorcar", "barrier", "maxspeed",
    "surface", "smoothness", "tracktype", "width", "lanes", "hov", "construction", "bridge", "route",
    "duration", "toll",
)  # fmt: skip
_LONGEST_LIST = 6
SHORTEST_S = 60.0
"""Of quicker drives a ratio says little: a second of rounding is a percent or two."""


def drive_seconds(network, drive):
    """Return a drive's time at free flow, not rounded to the second."""
    share = np.ones(drive.arcs.size)
    share[0] -= drive.leave_position / ARC_UNITS
    share[-1] -= 1 - drive.arrive_position / ARC_UNITS
    arcs_ms = float((share * network.arc_free_ms[drive.arcs]).sum())
    return (arcs_ms + sum(_turn_ms(network, a, b) for a, b in pairwise(drive.arcs.tolist()))) / 1000


def _turn_ms(network, source, target):
    first, last = network.turn_first[source], network.turn_first[source + 1]
    found = np.flatnonzero(network.turn_to[first:last] == target)
    return int(network.turn_ms[first:last][found].min()) if found.size else None


class PathJudge:
    """Follow another engine's path, a list of OSM nodes, on our network."""

    def __init__(self, network, extract):
        self.network = network
        self.extract = extract
        self.step_arcs = defaultdict(list)
        first = network.shape_first
        ids = network.shape_node_id
        arc_of = np.repeat(np.arange(network.arc_count), np.diff(first))
        inside = arc_of[1:] == arc_of[:-1]
        for k in np.flatnonzero(inside).tolist():
            self.step_arcs[int(ids[k]), int(ids[k + 1])].append(int(arc_of[k]))
        self.step_way = {}
        nodes = extract.node_id[extract.way_node]
        for row in range(extract.way_id.size):
            for a, b in pairwise(nodes[extract.way_first[row] : extract.way_first[row + 1]].tolist()):
                self.step_way.setdefault((a, b), row)
                self.step_way.setdefault((b, a), row)
        self.node_row = {int(node): row for row, node in enumerate(extract.node_id.tolist())}
        self.node_tags = dict(zip(extract.tagged_node.tolist(), extract.node_tags, strict=True))

    def follow(self, nodes):
        """Return a path on our network as (driving, turn) seconds of each step, or None and where it may not be driven.

        The first and last steps count whole; a turn belongs to the step that it leads into.
        """
        states = {}
        for number, step in enumerate(pairwise(nodes)):
            arcs = self.step_arcs.get(step)
            if not arcs:
                return None, f"not open to us: {self.way(step)}"
            onward = {}
            for arc in arcs:
                driven = self._step_s(arc, step)
                if number == 0:
                    onward[arc] = (driven, [(driven, 0.0)])
                for before, (spent, path) in states.items():
                    at_tail = self.network.node_id[self.network.arc_tail[arc]] == step[0]
                    turn_ms = 0 if before == arc and not at_tail else _turn_ms(self.network, before, arc)
                    if turn_ms is not None:
                        total = spent + turn_ms / 1000 + driven
                        if arc not in onward or total < onward[arc][0]:
                            onward[arc] = (total, [*path, (driven, turn_ms / 1000)])
            if not onward:
                return None, f"no turn for us at node {step[0]} {self.tags_of_node(step[0])} into {self.way(step)}"
            states = onward
        return min(states.values())[1] if states else [], None

    def tags_of_node(self, node):
        """Return the tags of a node."""
        return self.node_tags.get(self.node_row.get(node), {})

    def metres(self, step):
        """Return the length of a step."""
        a, b = (self.node_row[node] for node in step)
        lat, lon = self.extract.node_lat_deg, self.extract.node_lon_deg
        return float(great_circle_m(lat[a], lon[a], lat[b], lon[b]))

    def _step_s(self, arc, step):
        return self.metres(step) * self.network.arc_free_ms[arc] / max(int(self.network.arc_length_mm[arc]), 1)

    def way(self, step):
        """Return the way of a step in words."""
        row = self.step_way.get(step)
        if row is None:
            return f"no way of the map between {step[0]} and {step[1]}"
        tags = self.extract.way_tags[row]
        told = {key: value for key, value in tags.items() if key.split(":")[0] in _TOLD}
        return f"way {self.extract.way_id[row]} {told}"

    def ways(self, steps):
        """Return the ways of some steps with their metres, the longest first."""
        metres = defaultdict(float)
        for step in steps:
            if all(node in self.node_row for node in step):
                metres[self.way(step)] += self.metres(step)
        longest = sorted(metres.items(), key=lambda item: -item[1])
        return [f"{length:.0f} m {way}" for way, length in longest[:_LONGEST_LIST]]


def our_nodes(network, drive):
    """Return the OSM nodes of a drive's arcs."""
    nodes = []
    for arc in drive.arcs.tolist():
        shape = network.shape_node_id[network.shape_first[arc] : network.shape_first[arc + 1]].tolist()
        nodes += shape[1:] if nodes and nodes[-1] == shape[0] else shape
    return nodes


def describe(network, extract, ours, theirs, count):
    """Return words about the pairs whose durations differ most, and about those that one engine does not reach."""
    judge = PathJudge(network, extract)
    words = []
    for k, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        if (one["duration_s"] is None) != ("duration_s" not in other) and not other["island"]:
            who = "we do not reach" if one["duration_s"] is None else f"they do not reach ({other['error'][:40]})"
            words.append(f"pair {k}: {who}; ends {one['snapped']} theirs {other['snapped']}")
    rows = [k for k in range(len(ours)) if ours[k]["duration_s"] is not None and "duration_s" in theirs[k]]
    rows = [k for k in rows if theirs[k]["duration_s"] >= SHORTEST_S and not theirs[k]["island"]]
    rows.sort(key=lambda k: -abs(np.log(ours[k]["duration_s"] / theirs[k]["duration_s"])))
    for k in rows[:count]:
        one, other = ours[k], theirs[k]
        apart = [
            float(great_circle_m(a[1], a[0], b[1], b[0])) for a, b in zip(one["snapped"], other["snapped"], strict=True)
        ]
        words.append(
            f"pair {k}: ratio {one['duration_s'] / other['duration_s']:.3f}, ours {one['duration_s']:.0f} s "
            f"{one['distance_m']} m, theirs {other['duration_s']:.0f} s {other['distance_m']:.0f} m, "
            f"ends {apart[0]:.0f} and {apart[1]:.0f} m apart"
        )
        mine, yours = our_nodes(network, one["drive"]), other["nodes"]
        words += [f"  {line}" for line in _on_their_path(judge, other)]
        common = set(pairwise(mine)) & set(pairwise(yours))
        for who, path in (("ours", mine), ("theirs", yours)):
            words += [f"  only {who}: {line}" for line in judge.ways(s for s in pairwise(path) if s not in common)]
    return words


def _on_their_path(judge, other):
    """Return words about what the other engine's path costs us, and where on it we drive at another speed."""
    followed, fault = judge.follow(other["nodes"])
    if followed is None:
        return [f"their path: {fault}"]
    inner = list(zip(followed, other["steps_s"], pairwise(other["nodes"]), strict=True))[1:-1]
    ours_s, theirs_s = sum(driven for (driven, _), _, _ in inner), sum(spent for _, spent, _ in inner)
    turns_s = sum(turn for _, turn in followed)
    their_turns_s = other["duration_s"] - sum(other["steps_s"])
    words = [
        f"their path: we drive it {ours_s:.1f} s without its ends and turn {turns_s:.1f} s, "
        f"they {theirs_s:.1f} s and {their_turns_s:.1f} s"
    ]
    slower = defaultdict(float)
    for (driven, _), spent, step in inner:
        slower[judge.way(step)] += driven - spent
    worst = sorted(slower.items(), key=lambda item: -abs(item[1]))[:2]
    words += [f"  {seconds:+.1f} s on {way}" for way, seconds in worst if abs(seconds) > 2]
    if abs(turns_s - their_turns_s) > 5:
        nodes = {node: judge.tags_of_node(node) for node in other["nodes"]}
        words += [f"  passes node {node} {tags}" for node, tags in nodes.items() if tags]
        dear = sorted(((turn, step) for (_, turn), step in zip(followed, pairwise(other["nodes"]), strict=True)))[-3:]
        words += [f"  our turn of {turn:.1f} s at node {step[0]}" for turn, step in dear if turn > 5]
    return words
