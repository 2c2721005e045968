"""Export: a plan becomes bytes that people and other programs read.

In comes a problem with its plan, once, to make the `PlanDocument` (plan.json); from there on every format
reads that document alone, and the road network only as a picture. Out go files, one format a module, each
written whole or not at all. It refuses to know how plans are made or timed, what happened during the day,
and the clock.
"""
