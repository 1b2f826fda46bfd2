"""The rooms of the package and what each may import; `make docs` writes it down, a test holds it.

Rooms are the folders and modules of `scripts/runsieve`.
"""

# In the order of the data: a room imports from those before it, and from the modules of ROOT.
ROOMS = (
    "config",
    "runs",
    "selection",
    "samples",
    "checks",
    "baselines",
    "networks",
    "evaluation",
    "tuning",
    "scoring",
    "figures",
    "reports",
)
# Beside the flow: they write raw runs, and only scripts and the plan import them.
BESIDE = {"simulate": ("config", "runs"), "ingest": ("config", "runs")}
# Modules at the root of the package that every room may import; they import only each other.
ROOT = (
    "archives",
    "calibrators",
    "code",
    "computing",
    "errors",
    "expressions",
    "failures",
    "files",
    "intervals",
    "job",
    "layout",
    "locks",
    "losses",
    "progress",
    "registry",
    "submission",
    "syntax",
    "tables",
    "user_code",
)
# What puts the rooms together for the rules: it may import every room, and no room imports it.
TOP = ("models", "plan", "run_scores", "trained")


def allowed(room: str) -> set[str]:
    """Rooms that a room may import from, itself included; `root` stands for the modules of ROOT."""
    if room == "root":
        return {"root"}
    if room in TOP:
        return {"root", *ROOMS, *BESIDE, *TOP}
    return {"root", room, *(BESIDE.get(room) or ROOMS[: ROOMS.index(room)])}
