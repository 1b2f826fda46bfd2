"""Exceptions whose message is written for the user."""


class RunsieveError(Exception):
    """A problem that the user can fix, in one sentence.

    The message names the file, run, branch or key, and what was expected and found.
    """

    advice = ""  # what to do, said after the message where a job fails


class DamagedError(RunsieveError):
    """A file of a run that is missing, damaged or empty, so that the run cannot be read."""

    advice = "replace the file, or take the run out of the run sheet"
