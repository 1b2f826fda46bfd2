"""Reads damaged copies of files: one case per line of the standard input, one outcome per line."""

import json
import resource
import sys
import warnings
from pathlib import Path

from helpers.fuzzing.reading import expected, read
from runsieve.errors import RunsieveError

MEMORY = 1 << 30  # bytes that the reading of a file of 30 kB may ask for


def outcome(copy: Path, file: Path, place: int, mask: int) -> tuple[str, str]:
    """What became of one flipped byte, and the message if there is one."""
    layout = file.stem.split("-")[0]
    content = bytearray(file.read_bytes())
    content[place] ^= mask
    copy.write_bytes(content)
    try:
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


def main(copy: Path) -> None:
    warnings.simplefilter("ignore")
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    for line in sys.stdin:
        file, place, mask = json.loads(line)
        print(json.dumps(outcome(copy, Path(file), place, mask)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
