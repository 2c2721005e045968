"""The shell: what people and scripts touch.

In come command lines and the paths of CSV and JSON files; out go published plans, exports, tables and
exit codes. Here the files are read and written and the clock is asked for today's date; every fault
of the input is turned into an Issue in words. This room refuses to know how anything is computed: it opens
a map, builds a problem, hands it to the rooms on its left and prints what they return.
"""
