"""Replan: what to change when the day does not go as planned, and whether a change is worth its trouble.

In come the day and the roads as they are now; out goes the problem that remains, the old orders under the new facts,
and the decision: keep them with new times, or take other orders and say what changed and why. It refuses to know
where events come from, how plans are stored and published, and the clock: `now_s` is an argument.
"""
