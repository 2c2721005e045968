"""Events: what happened during the day, and the day that follows from it.

In come events, frozen and in the past tense, in the order of the log; out goes the `Day`, their pure fold: each
stop in exactly one state, each vehicle with its last reports, the conditions in force, the plan last published.
It refuses to know how events travel or are stored, where vehicles are between two reports, and how plans are made.
"""
