"""An independent judge of road times: plain Dijkstra over a NetworkX graph of arcs and turns, in floating seconds."""

from __future__ import annotations

import heapq
import itertools
import math
from bisect import bisect_right

import networkx as nx

ARC_UNITS = 1 << 30


class RoadOracle:
    """Time drives on the arc-expanded graph; shares no code with the package's searches."""

    def __init__(self, network, metric):
        self.metric = metric
        self.starts_s = metric.slice_start_s.tolist()
        self.graph = nx.DiGraph()
        self.graph.add_nodes_from(range(network.arc_count))
        for arc in range(network.arc_count):
            for turn in range(int(network.turn_first[arc]), int(network.turn_first[arc + 1])):
                turn_s = int(network.turn_ms[turn]) / 1000
                self.graph.add_edge(arc, int(network.turn_to[turn]), turn_s=turn_s, turn=turn)
        self.column = {int(turn): column for column, turn in enumerate(metric.timed_turn)}

    def traverse(self, arc, share, enter_s, *, leaving=False):
        """Return when a share of the arc is driven, slice by slice."""
        k = max(0, bisect_right(self.starts_s, enter_s) - 1)
        now = enter_s
        while share > 1e-12:
            until = self.starts_s[k + 1] if k + 1 < len(self.starts_s) else math.inf
            if self.metric.closed[k, arc] and not leaving:
                if until == math.inf:
                    return math.inf
            else:
                whole_s = int(self.metric.arc_ms[k, arc]) / 1000
                if now + share * whole_s <= until:
                    return now + share * whole_s
                share -= (until - now) / whole_s
            now = until
            k += 1
        return now

    def opens_s(self, turn, now):
        """Return when a turn can be made by who stands before it, inf where it stays forbidden."""
        if turn not in self.column:
            return now
        for k, start in enumerate(self.starts_s):
            until = self.starts_s[k + 1] if k + 1 < len(self.starts_s) else math.inf
            if until > now and not self.metric.turn_closed[k, self.column[turn]]:
                return max(now, start) if k else now
        return math.inf

    def duration_s(self, snapped, origin, destination, depart_s):
        """Return the quickest drive's seconds that leaves at an instant; inf where there is none."""
        leaves = [
            (int(snapped.leave_arc[k]), int(snapped.leave_position[k]) / ARC_UNITS)
            for k in range(int(snapped.leave_first[origin]), int(snapped.leave_first[origin + 1]))
        ]
        arrives = [
            (int(snapped.arrive_arc[k]), int(snapped.arrive_position[k]) / ARC_UNITS)
            for k in range(int(snapped.arrive_first[destination]), int(snapped.arrive_first[destination + 1]))
        ]
        best = math.inf
        ties = itertools.count()
        queue = []
        for (arc, leave), (other, arrive) in itertools.product(leaves, arrives):
            if arc == other and arrive >= leave:
                best = min(best, self.traverse(arc, arrive - leave, depart_s))
        for arc, leave in leaves:
            queue.append((self.traverse(arc, 1 - leave, depart_s, leaving=True), next(ties), arc, True))
        heapq.heapify(queue)
        settled = set()
        while queue:
            now, _, arc, is_start = heapq.heappop(queue)
            if now >= best:
                break
            if not is_start:
                if arc in settled:
                    continue
                settled.add(arc)
            for onto, data in self.graph[arc].items():
                enter = self.opens_s(data["turn"], now) + data["turn_s"]
                for other, arrive in arrives:
                    if other == onto:
                        best = min(best, self.traverse(onto, arrive, enter))
                if onto not in settled:
                    heapq.heappush(queue, (self.traverse(onto, 1.0, enter), next(ties), onto, False))
        return best - depart_s


def shortest_with_memory(turns, bans, start):
    """Return the least cost onto each lane from the end of a lane, under restrictions that look back along the drive.

    `turns` maps a lane to {next lane: cost}; `bans` lists (lanes driven one after another, lanes not to be driven
    next). A plain Dijkstra whose states are the last lanes driven, as many as the longest restriction looks back on:
    no copies, no automaton.
    """
    memory = max((len(driven) for driven, _ in bans), default=1) + 1
    best = {}
    ties = itertools.count()
    queue = [(0, next(ties), (None, start))]
    settled = set()
    while queue:
        cost, _, history = heapq.heappop(queue)
        if history in settled:
            continue
        settled.add(history)
        if history[0] is not None or len(history) > 2:
            best.setdefault(history[-1], cost)
        for onto, turn_cost in turns[history[-1]].items():
            if not any(history[-len(driven) :] == driven and onto in forbidden for driven, forbidden in bans):
                heapq.heappush(queue, (cost + turn_cost, next(ties), (*history, onto)[-memory:]))
    return best


def assert_drives_as_oracle(driver, oracle, places, depart_s):
    """Hold the drives from the first three of six places to the others against the oracle's."""
    for i in range(3):
        for j in range(3, 6):
            found = driver.drive(i, j, depart_s)
            expected_s = oracle.duration_s(places, i, j, depart_s)
            assert (found is None) == (expected_s == float("inf"))
            # Ours rounds parts of arcs to the millisecond and the leg up to the second.
            assert found is None or -0.01 <= found.duration_s - expected_s < 1.01
