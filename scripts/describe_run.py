"""Describe the contents of raw files: python scripts/describe_run.py FILE..."""

import sys

from runsieve.errors import RunsieveError
from runsieve.runs.description import describe_file, table


def main(files):
    """Print the trees of each file; return the exit code."""
    failed = not files
    if failed:
        print(__doc__, file=sys.stderr)
    for file in files:
        try:
            for tree in describe_file(file):
                print(f"{file}: {tree.title}, {tree.entries} entries")
                print(*(f"  {line}" for line in table(tree)), sep="\n")
        except RunsieveError as error:
            failed = True
            print(f"error: {error}", file=sys.stderr)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
