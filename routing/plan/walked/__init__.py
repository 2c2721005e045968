"""Build and mend orders whose routes must be walked to be judged: the second road of `insert` and `repair`.

In come orders of a problem that is not plain; out come orders in which every request stands whole or not at all, and
every route holds. The room knows no engine and words no reason.
"""
