"""Store: the day's log and what stands beside it, kept through any crash.

In come events and named bytes (the road network, published plans), all or nothing; out they go again in the same
order. It refuses to know what the events mean, and it never changes or forgets one.
"""
