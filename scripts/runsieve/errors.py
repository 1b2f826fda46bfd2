"""The one exception whose message is written for the person at the keyboard."""


class RunsieveError(Exception):
    """Something a user can mend: one sentence with file, run, branch or key, expected and found."""
