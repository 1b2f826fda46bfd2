"""Coverage of every kind of interval, by simulation: python benchmarks/coverage/coverage.py.

Each case draws toys whose true value is known, and counts how often the interval holds it. Writes
figures.csv next to this file: interval, case, events (per class), toys, coverage and its error.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import norm

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "scripts"))

from runsieve.config.base import Edges
from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint
from runsieve.evaluation.auc import auc_interval
from runsieve.evaluation.calibration import calibration_error
from runsieve.evaluation.closure import working_point_table
from runsieve.evaluation.delong import area_of
from runsieve.evaluation.evaluated import Evaluated
from runsieve.evaluation.fraction_ratio import fraction_ratio_interval
from runsieve.evaluation.interpolation import Curve
from runsieve.evaluation.macro_f1 import macro_f1
from runsieve.evaluation.metrics import bootstrapped
from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.working_points import Decision
from runsieve.intervals import clopper_pearson, mean_interval
from runsieve.scoring.counting import ScoredRun
from runsieve.scoring.cut import Cut
from runsieve.scoring.spectrum import spectrum_table

BOOTSTRAP = 300
COLUMNS = ["interval", "case", "events", "toys", "coverage", "error"]
Ends = tuple[float, float]
Toy = Callable[[np.random.Generator], tuple[Ends, float]]


def cases() -> Iterator[tuple[str, str, int, int, Toy]]:
    """Name of the interval, what is simulated, events per class, toys, and one toy."""
    for events in (20, 100, 1000):
        for chance in (0.5, 0.9, 0.99):
            yield "Clopper-Pearson", f"p = {chance}", events, 5000, counts(events, chance)
        yield "balanced accuracy", "recalls between .5 and .99", events, 3000, recalls(events)
    for area in (0.7, 0.95, 0.99):
        for events in (30, 100, 300):
            yield "AUC", f"{area}", events, 3000, areas(events, area)
    for events in (30, 100, 300):
        yield "AUC difference", ".87 and .76", events, 3000, differences(events)
    for distance in (1.5, 3.0, 4.0):
        for events in (100, 400, 1600):
            text = f"at 90 %, rejection {norm.cdf(distance + norm.ppf(0.1)):.3f}"
            yield "rejection at efficiency", text, events, 2000, rejections(events, distance)
    for events in (100, 400, 1600):
        yield "closure", "efficiency 90 %", events, 400, closures(events)
        yield "closure", "efficiency 90 %, 3 folds", events, 200, folded_closures(events)
        yield "log loss", "logistic scores", events, 1000, bootstraps(events, "log_loss")
        yield "Brier score", "logistic scores", events, 1000, bootstraps(events, "brier")
    for fraction in (0.1, 0.5, 0.9):
        for events in (50, 250, 1000):
            yield "contamination", f"f = {fraction}", events, 3000, ratios(events, fraction)
    for slope in (1.0, 1.5, 3.0):
        for events in (200, 1000, 5000):
            yield "calibration error", f"slope {slope}", events, 1000, calibrations(events, slope)
    for size, toys in ((3, 3000), (10, 1000)):
        for events in (20, 100, 1000):
            text = f"{size} classes, recalls between .5 and .99"
            yield "macro F1", text, events, toys, confusions(events, size)
    for efficiency in (0.5, 0.95):
        for seen in (1.0, 0.3):
            for events in (5, 50, 500):
                text = f"efficiency {efficiency}, {100 * seen:.0f} % counted"
                yield "corrected spectrum", text, events, 5000, spectra(events, efficiency, seen)


def counts(events: int, chance: float) -> Toy:
    """Of one fraction."""

    def toy(rng: np.random.Generator) -> tuple[Ends, float]:
        return tuple(map(float, clopper_pearson(rng.binomial(events, chance), events))), chance

    return toy


def recalls(events: int) -> Toy:
    """Of the mean of two fractions, drawn anew for each toy: counts are whole numbers, so that the
    coverage at one fraction jumps up and down with it."""

    def toy(rng: np.random.Generator) -> tuple[Ends, float]:
        chances = rng.uniform(0.5, 0.99, 2)
        ends = mean_interval(rng.binomial(events, chances), np.full(2, events))
        return ends, float(chances.mean())

    return toy


def confusions(events: int, size: int) -> Toy:
    """Of macro F1, with what becomes of each class drawn anew for each toy."""

    def toy(rng: np.random.Generator) -> tuple[Ends, float]:
        recall = rng.uniform(0.5, 0.99, size)
        moved = rng.dirichlet(np.ones(size), size)
        np.fill_diagonal(moved, 0)
        moved *= ((1 - recall) / moved.sum(axis=1))[:, None]
        np.fill_diagonal(moved, recall)
        expected = np.repeat(np.arange(size), events)
        assigned = np.concatenate([rng.choice(size, events, p=row) for row in moved])
        test = Predictions(
            tuple(map(str, range(size))),
            expected,
            np.eye(size)[assigned],
            np.full(len(expected), "test"),
        )
        return macro_f1(test)[1:], float(np.mean(2 * recall / (moved.sum(axis=0) + 1)))

    return toy


def scored(rng: np.random.Generator, events: int, distance: float, split="test") -> Predictions:
    """Normal scores of two classes, `distance` standard deviations apart."""
    score = norm.cdf(rng.normal(0, 1, 2 * events) + np.repeat([distance, 0], events))
    true = np.repeat([0, 1], events)
    splits = np.broadcast_to(split, 2 * events)
    return Predictions(("s", "b"), true, np.column_stack([score, 1 - score]), splits)


def areas(events: int, area: float) -> Toy:
    """Of an AUC."""

    def toy(rng: np.random.Generator) -> tuple[Ends, float]:
        return auc_interval(scored(rng, events, np.sqrt(2) * norm.ppf(area)))[1:], area

    return toy


def differences(events: int) -> Toy:
    """Of the difference of two AUCs on the same events, whose scores are correlated."""
    first, second = 1.6, 1.0

    def toy(rng: np.random.Generator) -> tuple[Ends, float]:
        true = np.repeat([0, 1], events)
        common, one, two = rng.normal(0, np.sqrt(0.5), (3, 2 * events))
        found = [
            area_of(true, norm.cdf(common + own + distance * (true == 0))[:, None] * [1, -1])
            for own, distance in ((one, first), (two, second))
        ]
        difference = found[0] - found[1]
        error = np.sqrt(difference.variance)
        ends = difference.value - error, difference.value + error
        return ends, float(np.diff(norm.cdf(np.array([second, first]) / np.sqrt(2)))[0])

    return toy


def rejections(events: int, distance: float) -> Toy:
    """Of the rejection at exactly 90 % signal efficiency."""
    truth = float(norm.cdf(distance + norm.ppf(0.1)))

    def toy(rng: np.random.Generator) -> tuple[Ends, float]:
        test = scored(rng, events, distance)
        curve = Curve.of(test.true == 0, test.score, test.weight)
        low, high = curve.interval(0.9, BOOTSTRAP, rng)
        return (1 - high, 1 - low), truth

    return toy


def closures(events: int) -> Toy:
    """Of the realised minus the wanted efficiency, which is 0 for a well chosen threshold."""
    points = {"point": WorkingPoint(signal_efficiency=0.9)}

    def toy(rng: np.random.Generator) -> tuple[Ends, float]:
        parts = [scored(rng, events, 2, split) for split in ("validation", "test")]
        both = Predictions(
            ("s", "b"),
            *(
                np.concatenate([getattr(part, name) for part in parts])
                for name in ("true", "probability", "split")
            ),
        )
        evaluated = Evaluated.of(both, Report(bootstrap=BOOTSTRAP), points)
        row = working_point_table(evaluated, int(rng.integers(2**31))).iloc[0]
        return (row["closure_low"], row["closure_high"]), 0.0

    return toy


def folded_closures(events: int, folds: int = 3, validation: float = 0.2) -> Toy:
    """The same with a threshold per fold; models share 80 % of the variance of the scores."""
    points = {"point": WorkingPoint(signal_efficiency=0.9)}

    def toy(rng: np.random.Generator) -> tuple[Ends, float]:
        count = 2 * events
        true, tested = np.repeat([0, 1], events), rng.integers(folds, size=count)
        common = 2.0 * (true == 0) + rng.normal(0, np.sqrt(0.8), count)
        chosen_on = rng.random(count) < validation
        parts = []
        for fold in range(folds):
            score = norm.cdf(common + fold / 2 + rng.normal(0, np.sqrt(0.2), count))
            others = chosen_on & (tested != fold)
            for split, wanted in (("validation", others), ("test", tested == fold)):
                row = np.flatnonzero(wanted)
                part = {"row": row, "true": true[row], "score": score[row]}
                parts.append(pd.DataFrame(part).assign(fold=fold, split=split))
        table = pd.concat(parts)
        scored = Predictions(
            ("s", "b"),
            table["true"].to_numpy(),
            np.column_stack([table["score"], 1 - table["score"]]),
            table["split"].to_numpy(str),
            fold=table["fold"].to_numpy(),
            row=table["row"].to_numpy(),
        )
        evaluated = Evaluated.of(scored, Report(bootstrap=BOOTSTRAP), points)
        row = working_point_table(evaluated, int(rng.integers(2**31))).iloc[0]
        return (row["closure_low"], row["closure_high"]), 0.0

    return toy


def logistic(rng: np.random.Generator, events: int, slope: float = 1.0) -> Predictions:
    """Scores p, and classes drawn with the odds of p to the power 1 / slope."""
    odds = rng.normal(0, 2, 2 * events)
    true = (rng.random(2 * events) >= 1 / (1 + np.exp(-odds / slope))).astype(int)
    score = 1 / (1 + np.exp(-odds))
    split = np.full(2 * events, "test")
    return Predictions(("s", "b"), true, np.column_stack([score, 1 - score]), split)


def bootstraps(events: int, metric: str) -> Toy:
    """Of a mean over the events."""
    many = logistic(np.random.default_rng(0), 2_000_000)
    truth = bootstrapped(many, 1, 0)[metric]["value"]

    def toy(rng: np.random.Generator) -> tuple[Ends, float]:
        found = bootstrapped(logistic(rng, events), BOOTSTRAP, int(rng.integers(2**31)))[metric]
        return (found["low"], found["high"]), truth

    return toy


def spectra(events: int, efficiency: float, seen: float, tests: int = 100) -> Toy:
    """Of the signal in a bin, from what a cut keeps and from its efficiency on `tests` events.

    seen: fraction of the events that the model has not learnt from. Half of the events are signal,
    and the cut keeps nothing else. A toy in which nothing is known is drawn again.
    """
    cut = Cut(Decision("point", WorkingPoint(score=0.5), (0.5,)), {"signal": "pass_point"})
    ready: list[Ends] = []

    def draw(rng: np.random.Generator, bins: int = 1000) -> list[Ends]:
        signal, rest = rng.poisson(events / 2, (2, bins))
        counted = rng.binomial([signal, rest], seen)
        kept, passed = rng.binomial(counted[0], efficiency), rng.binomial(tests, efficiency, bins)
        place = {"class": "signal", "bin": np.arange(bins)}
        counts = {"run": 1, "channel": 1, "selected": signal + rest, "counted": counted.sum(axis=0)}
        low, high = clopper_pearson(passed, tests)
        ends = {"efficiency_low": low, "efficiency_high": high}
        found = {"efficiency_events": tests, "efficiency": passed / tests, **ends}
        table = spectrum_table(
            pd.DataFrame(place | counts | {"kept": kept}),
            cut,
            pd.DataFrame(place | found),
            [ScoredRun(1, "physics")],
            Report(edges=Edges(start=0, stop=bins, step=1)),
            {},
        )
        known = table[(table["run"] == 1) & (table["channel"] == 1)].dropna(subset="corrected")
        return list(zip(known["corrected_low"], known["corrected_high"], strict=True))

    def toy(rng: np.random.Generator) -> tuple[Ends, float]:
        while not ready:
            ready.extend(draw(rng))
        return ready.pop(), events / 2

    return toy


def ratios(events: int, fraction: float) -> Toy:
    """Of the fraction of signal-like events in a class, at a cut that keeps half of the signal."""

    def toy(rng: np.random.Generator) -> tuple[Ends, float]:
        above, kept = rng.binomial(events, fraction / 2), rng.binomial(events, 0.5)
        low, high = fraction_ratio_interval(above, events, kept, events)
        return (float(low), float(high)), fraction

    return toy


def calibrations(events: int, slope: float) -> Toy:
    """Of the expected calibration error; with slope 1 it is 0."""
    many = logistic(np.random.default_rng(0), 2_000_000, slope)
    truth = 0.0 if slope == 1 else calibration_error(many)["value"]

    def toy(rng: np.random.Generator) -> tuple[Ends, float]:
        found = calibration_error(logistic(rng, events // 2, slope))
        return (found["low"], found["high"]), truth

    return toy


def main() -> None:
    """Run all cases, or those whose interval is named on the command line; others keep theirs."""
    rows = []
    for number, (interval, case, events, toys, toy) in enumerate(cases()):
        if sys.argv[1:] and interval not in sys.argv[1:]:
            continue
        rng = np.random.default_rng(number)
        inside = 0
        for _ in range(toys):
            (low, high), truth = toy(rng)
            inside += low <= truth <= high
        share = inside / toys
        error = np.sqrt(share * (1 - share) / toys)
        rows.append((interval, case, events, toys, round(share, 4), round(error, 4)))
        print(*rows[-1], sep="\t", flush=True)
    table = pd.DataFrame(rows, columns=COLUMNS)
    if sys.argv[1:]:
        kept = pd.read_csv(HERE / "figures.csv")
        table = pd.concat([kept[~kept["interval"].isin(sys.argv[1:])], table])
    table.to_csv(HERE / "figures.csv", index=False)


if __name__ == "__main__":
    main()
