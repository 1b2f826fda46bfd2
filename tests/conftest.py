"""Settings of all tests: a slow machine is no failure, so property tests have no deadline."""

from hypothesis import settings

settings.register_profile("runsieve", deadline=None)
settings.load_profile("runsieve")
