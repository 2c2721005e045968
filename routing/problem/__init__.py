"""What is asked.

In come stops, vehicles, places and travel times; out comes a `Problem` in which `validate` finds no fault.
The room refuses to know how a problem is solved, and where its travel times come from: roads or a table.
"""
