"""Code is read once per process; a test that edits a file stands for several."""

from runsieve import code


def forget_code() -> None:
    """Let files of code be read again, as another process would."""
    for cached in (code._needed, code._facts, code._digest, code._names_in, code._files_of):
        cached.cache_clear()
    code._beside.cache_clear()
