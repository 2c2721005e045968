"""What all tests share."""

import os

from hypothesis import settings

# No test reads or fills the cache of the user who runs it.
os.environ["ROUTING_CACHE"] = "off"

# The same examples on every machine: a red run means that something changed. `--hypothesis-profile=default` and a
# `--hypothesis-seed` look further.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")
