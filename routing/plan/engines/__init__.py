"""Engines propose orders of stops.

In comes an `Instance` (tables and bounds, nothing of roads), an optional proposal to start from, a seed and a
`Watch` that says when to stop; out come orders of stops and the count of iterations that led there. An engine refuses
to know true, time-dependent times and plans; what it proposes is timed by `schedule` and judged by `verify`.
"""
