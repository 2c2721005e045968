"""The map room: a file of OpenStreetMap data becomes an `Extract`, and tags become meaning.

Enters: the path of a map (PBF, XML, GraphML), a place name, an area to cut out.
Leaves: `Extract` (flat arrays of highway ways, their nodes, tags and turn restrictions) and the pure tag rules
(access, one-way, speed, barrier, restriction), each citing its page of the OSM wiki.
Refuses to know: vehicles (it is told which access keys count), graphs, travel times, and anything beyond roads.
"""
