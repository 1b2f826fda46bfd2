"""Where the attribution of a network lies, and whether it lies where nothing should matter."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from runsieve.config.explain import Explain
from runsieve.config.inputs import Input
from runsieve.evaluation.attribution_table import is_picture

HALF, MOST = 0.5, 0.9  # of an attribution, in the smallest window that has it
PARTS = 120  # of a waveform
SIGNIFICANT = 5.0  # standard errors that a mean pulse differs from zero by


@dataclass(frozen=True)
class Region:
    """Samples of each segment of an input that should not matter: shape (samples,), and why."""

    samples: np.ndarray
    reason: str


def attention(
    table: pd.DataFrame,
    inputs: Mapping[str, Input],
    settings: Explain,
    counts: Mapping[str, int],
) -> dict[str, Any]:
    """Where the attribution of each class lies, in numbers and in sentences.

    table: `attribution_table`; counts: events of each class

    inputs: fraction of each class by input; windows: by input and class the smallest range of
    samples with half of the attribution of the input, and its fraction; regions: by input, region
    and class the fraction of all attribution; findings: a sentence for each of these above
    `settings.limit`; says: what else there is to say
    """
    shares = table.groupby(["input", "class"], sort=False)["fraction"].sum().unstack(sort=False)
    found: dict[str, Any] = {"inputs": shares.T.to_dict(), "windows": {}, "regions": {}}
    found |= {"findings": [], "says": []}
    for name, one in inputs.items():
        mine = table[table["input"] == name]
        if one.columns or is_picture(one):
            continue
        by_sample = mine.groupby(["class", "sample"], sort=False)["fraction"].sum()
        windows = {label: smallest_window(by_sample[label].to_numpy(), HALF) for label in counts}
        found["windows"][name] = {
            label: {"start": start, "stop": stop, "fraction": fraction}
            for label, (start, stop, fraction) in windows.items()
        }
        for label, window in windows.items():
            found["says"].append(_sentence(name, label, window, len(inputs) > 1) + ".")
        regions = found["regions"].setdefault(name, {})
        for region in quiet_regions(one, mine, settings, name, counts):
            fractions = {
                label: float(by_sample[label].to_numpy()[region.samples].sum()) for label in counts
            }
            regions[region.reason] = fractions
            found["findings"] += [
                _finding(name, label, by_sample[label].to_numpy(), region, len(inputs) > 1)
                for label, fraction in fractions.items()
                if fraction > settings.limit
            ]
    return found


def quiet_regions(
    one: Input, table: pd.DataFrame, settings: Explain, name: str, counts: Mapping[str, int]
) -> Iterator[Region]:
    """Samples that should not matter.

    Those that the settings name; else those in which the baseline is measured; else, where another
    baseline is subtracted, those before and after all that is above the noise in the mean pulse of
    any class.
    """
    samples = np.arange(int(table["sample"].max()) + 1)
    measured = one.pulse.measured
    if name in settings.quiet:
        quiet = settings.quiet[name]
        inside = (samples >= quiet.start) & (samples < quiet.stop)
        yield Region(inside, f"samples {quiet.start} to {quiet.stop - 1}, which are named as quiet")
    elif measured is not None:
        inside = (samples >= measured[0]) & (samples < measured[1])
        words = f"samples {measured[0]} to {measured[1] - 1}, in which the baseline is measured"
        yield Region(inside, words)
    elif one.baseline is not None:
        pulse = _above_noise(table, counts)
        if len(pulse) and (pulse[0] > 0 or pulse[-1] < len(samples) - 1):
            outside = (samples < pulse[0]) | (samples > pulse[-1])
            words = (
                f"samples before {pulse[0]} and after {pulse[-1]}, in which no class has a mean "
            )
            yield Region(outside, words + "pulse above the noise")


def _above_noise(table: pd.DataFrame, counts: Mapping[str, int]) -> np.ndarray:
    """Samples of the parts of the waveform in which a mean pulse is above the noise, increasing.

    Parts, because single samples of few events are not significant in the tail of a pulse.
    """
    part = (table["sample"] * PARTS // (table["sample"].max() + 1)).rename("part")
    variance = table["deviation"] ** 2 / table["class"].map(counts)
    by_part = table.assign(variance=variance, number=1).groupby(["name", "class", part])
    sums = by_part[["value", "variance"]].sum()
    above = sums["value"].abs() > SIGNIFICANT * np.sqrt(sums["variance"])
    return np.unique(table["sample"][part.isin(above[above].index.get_level_values("part"))])


def smallest_window(fractions: np.ndarray, part: float) -> tuple[int, int, float]:
    """The shortest range of samples with this part of all: start, stop and its sum.

    Of several of the same length, the one with the largest sum. fractions: shape (samples,)
    """
    total = np.concatenate([[0.0], np.cumsum(fractions)])
    wanted = part * total[-1] * (1 - 1e-9)
    for length in range(1, len(fractions)):
        sums = total[length:] - total[:-length]
        if sums.max() >= wanted:
            start = int(sums.argmax())
            return start, start + length, float(sums[start])
    return 0, len(fractions), float(total[-1])


def _sentence(name: str, label: str, window: tuple[int, int, float], several: bool) -> str:
    start, stop, fraction = window
    words = f"samples {start} to {stop - 1}" if stop > start + 1 else f"sample {start}"
    of = f" of {name}" if several else ""
    verb = "carry" if stop > start + 1 else "carries"
    return f"{words}{of} {verb} {100 * fraction:.0f} % of the attribution of class {label}"


def _finding(name: str, label: str, fractions: np.ndarray, region: Region, several: bool) -> str:
    inside = np.where(region.samples, fractions, 0.0)
    window = smallest_window(inside, MOST)
    narrow = window[1] - window[0] < region.samples.sum()
    words = f"{region.reason}, carry {100 * inside.sum():.0f} % of the attribution of class {label}"
    words += f" of {name}" if several else ""
    return f"{words}: {_sentence(name, label, window, False)}." if narrow else f"{words}."
