"""Where the files of a configuration are."""

from dataclasses import dataclass
from pathlib import Path

MAIN = "config/config.yaml"


@dataclass(frozen=True)
class Places:
    """The files of a configuration, relative to the working directory.

    folder: the folder with `analyses/` and `runs/`
    """

    folder: Path = Path("config")

    def analysis(self, name: str) -> Path:
        """The file of an analysis."""
        return self.folder / "analyses" / f"{name}.yaml"

    def sheet(self, name: str) -> Path:
        """The run sheet of an analysis that names none."""
        return self.folder / "runs" / f"{name}.tsv"

    def analyses(self) -> list[str]:
        """Names of all analyses."""
        return sorted(path.stem for path in self.analysis("*").parent.glob("*.yaml"))
