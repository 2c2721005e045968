"""The network room: what may be driven, by whom, and where a location touches it.

Enters: an `Extract`, a `Profile`, locations in degrees, a saved file, a NetworkX graph.
Leaves: `RoadNetwork` (flat arrays of nodes, arcs, turns, and the hierarchy over them), `Snapped`, a file, a graph.
Refuses to know: traffic, closures and the time of day (those are weights, made in the travel room), and stops.
"""
