"""Reads damaged copies of files: one case per line of the standard input, one outcome per line.

Further arguments name algorithms: the checksum of the undamaged file is compared first then, as
`select` does.
"""

import contextlib
import json
import resource
import sys
import warnings
from pathlib import Path

from helpers.fuzzing.reading import expected, read
from runsieve.errors import RunsieveError
from runsieve.runs.checksums import checksum, require_checksums

MEMORY = 1 << 30  # bytes that the reading of a file of 30 kB may ask for


def outcome(
    copy: Path, file: Path, place: int, mask: int, algorithms: list[str]
) -> tuple[str, str]:
    """What became of one flipped byte, and the message if there is one.

    algorithms: of the checksums that the run sheet gives, each for all files; empty: none
    """
    layout = file.stem.split("-")[0]
    content = bytearray(file.read_bytes())
    content[place] ^= mask
    copy.write_bytes(content)
    try:
        for algorithm in algorithms:
            require_checksums(1, [str(copy)], [checksum(str(file), algorithm)])
        found = read(str(copy), layout)
    except RunsieveError as error:
        text = str(error)
        if isinstance(error.__cause__, MemoryError):
            return "allocation", text
        return ("refused" if "\n" not in text else "exception"), text
    except BaseException as error:
        kind = "allocation" if isinstance(error, MemoryError) else "exception"
        return kind, f"{type(error).__name__}: {error}"
    return ("right" if found == expected(layout) else "wrong"), ""


def main(copy: Path, algorithms: list[str]) -> None:
    warnings.simplefilter("ignore")
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    for line in sys.stdin:
        file, place, mask = json.loads(line)
        with contextlib.redirect_stdout(sys.stderr):
            answer = outcome(copy, Path(file), place, mask, algorithms)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
