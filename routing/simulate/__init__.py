"""Simulate: a day as it truly happens, hidden from those who plan it, and what their plans were worth.

In come a road network, the speeds that everybody expects, and a scenario with its seed; out go the world of that
scenario (true speeds, true customers, news with the instants at which they become known), the day as vehicles drove
it under somebody's plans, and its figures. It refuses to know how plans are made, published and stored: whoever
decides is an `Operator`, which is told events and never the truth.

The benchmark follows `DaySim`: speeds piecewise constant in time (Ichoua, Gendreau and Potvin, 2003), and common
random numbers, so that every policy meets the same world. Flow measured every 15 minutes is not simulated: nobody
here learns speeds through the day.
"""
