"""How long a drive takes, and when.

In: a `RoadNetwork`, a speed table, conditions. Out: a `Metric` (the weights), a `TravelMatrix`, drives with their
length and line. Refuses to know stops, vehicles and plans. Topology, weights and query stay three objects: a traffic
report makes a new `Metric` and never touches the network.
"""
