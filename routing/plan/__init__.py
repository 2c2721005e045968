"""What is answered.

In comes a `Problem`; out comes a `Plan`: routes of visits with times, what it costs, and why a stop is left out.
`schedule` is the only clock arithmetic, `engines` propose orders, `solve` joins them, and `verify` shares no code
with either. The room refuses to know maps, events and what the plan was before.
"""
