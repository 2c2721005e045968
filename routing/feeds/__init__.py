"""Traffic, weather and benchmark instances in the formats of others become our types.

Bytes of one format enter each file, conditions, speeds and problems leave it, or `InputError` with every fault of the
bytes. Knows nothing of plans and days, and opens no file and no socket itself.
"""
