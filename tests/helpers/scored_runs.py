"""Tables of scored runs for tests, as `snakemake scores` writes them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from runsieve.config.working_point import WorkingPoint
from runsieve.evaluation.working_points import Decision
from runsieve.scoring.cut import Cut

EVENT = {"entry": 0, "channel": 1, "selected": True, "split": "", "energy": 1.0, "p_signal": 0.9}


def cut_of(thresholds: Mapping[str, float | None]) -> Cut:
    """A cut that keeps these classes; of one it is the signal."""
    point = WorkingPoint(signal_efficiency=0.9)
    several = len(thresholds) > 1
    columns = {one: f"pass_tight_{one}" if several else "pass_tight" for one in thresholds}
    return Cut(Decision("tight", point, tuple(thresholds.values())), columns)


def write_table(
    path: Path, run: int, rows: Sequence[Mapping[str, object]], threshold: float = 0.5
) -> Path:
    """A table of two classes from what its rows have other than `EVENT`."""
    table = pd.DataFrame([{**EVENT, "event": 100 + place, **row} for place, row in enumerate(rows)])
    table = table.assign(run=run, p_background=1 - table["p_signal"])
    table["pass_tight"] = table["p_signal"] >= threshold
    table.to_parquet(path)
    return path


def counts_of(rows: Sequence[tuple], name: str = "signal") -> pd.DataFrame:
    """Counts from rows of run, channel, bin, selected, counted and kept."""
    columns = ["run", "channel", "bin", "selected", "counted", "kept"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(**{"class": name})


def efficiency_of(bins: int, passed: int = 90, total: int = 100, name: str = "signal"):
    """Efficiencies that are the same in all bins."""
    from runsieve.intervals import clopper_pearson

    low, high = clopper_pearson(np.array(passed), np.array(total))
    table = {"class": name, "bin": np.arange(bins), "efficiency_events": total}
    ends = {"efficiency_low": float(low), "efficiency_high": float(high)}
    return pd.DataFrame({**table, "efficiency": passed / total, **ends})
