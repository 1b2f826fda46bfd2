"""The one exception whose message is written for the user."""


class RunsieveError(Exception):
    """A problem that the user can fix, in one sentence.

    The message names the file, run, branch or key, and what was expected and found.
    """
