"""What all tests share."""

from hypothesis import settings

# The same examples on every machine: a red run means that something changed. `--hypothesis-profile=default` and a
# `--hypothesis-seed` look further.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")
