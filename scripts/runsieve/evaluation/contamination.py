"""Contamination: how much of the background class is signal-like, from the scores alone.

Single hits of a physics run are labelled background, but a fraction f of them is scintillation like
the signal. Within a bin of the variable, the scores of the background are a mixture

    p(score|background) = f p(score|signal) + (1 - f) p(score|noise)

of which the signal part is known from events in coincidence, and the noise is not. Where no noise
has a high score, f is the fraction of the background above a high cut divided by that of the
signal: the slope of the ROC curve at its end of pure signal. This is mixture proportion estimation
(Blanchard, Lee and Scott, JMLR 11 (2010) 2973; Scott, AISTATS 2015) at a fixed cut, as Storey
(J. R. Stat. Soc. B 64 (2002) 479) estimates the fraction of true null hypotheses. The smallest
ratio over many cuts instead, as in the best bin estimation of Garg et al. (NeurIPS 2021), is biased
low where bins hold few events.

Noise above the cut raises the estimate, which is an upper bound for a score that separates poorly;
the change with a stricter cut shows it. Scores need the same distribution for coincidences as for
scintillation in single hits: bins must be narrow if the score depends on the variable.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint
from runsieve.errors import RunsieveError
from runsieve.evaluation.efficiency import bin_of
from runsieve.evaluation.evaluated import Evaluated
from runsieve.evaluation.fraction_ratio import accepted_deviations, fraction_ratio_interval
from runsieve.evaluation.predictions import Predictions, read_predictions
from runsieve.evaluation.working_points import threshold_keeping
from runsieve.intervals import clopper_pearson, ratio

KEPT = (0.5, 0.25)  # fractions of the signal above the cut, and above the stricter one
STEPS = 40  # halvings of a range of length 1
FEWEST = 5  # signal events of the reference that a cut is chosen on


def contamination_table(
    test: Predictions,
    variable: str | None,
    edges: np.ndarray | None,
    thresholds: Mapping[str, float],
    *,
    reference: Predictions | None = None,
    weight: np.ndarray | None = None,
    signal_like: np.ndarray | None = None,
) -> pd.DataFrame:
    """One row per bin, and a last one with blank low and high for all bins.

    test: scored events of two classes; the score is the probability of the first, the signal
    thresholds: named working points: events with this score or more pass
    reference: events whose signal the cuts are chosen on, such as the validation events; without
        it, and in bins where it has fewer than five signal events, the signal of `test` is used,
        whose count above the cut is then fixed, and intervals of a small f cover more than 68 %
    weight: of each test event, shape (events,); intervals count (sum w)^2 / sum w^2 events
    signal_like: true where a background event is in truth like the signal, shape (events,)

    Columns, each fraction followed by the ends of its 68.27 % interval, `_low` and `_high`:

    - variable, low, high, signal, background (events), cut (score; blank for all bins)
    - contamination_estimated (f): at a cut that keeps half of the signal. Interval:
      `fraction_ratio_interval`; for all bins, the mean over background events, with the intervals
      combined as by Zou and Donner (Stat. Med. 27 (2008) 1693)
    - contamination_change: f at a cut that keeps a quarter of the signal, minus f: the systematic
      effect of noise above the cut, negative where there is some; contamination_change_error is its
      statistical error
    - for each threshold: threshold_NAME, efficiency_NAME of the signal, rejection_NAME of the
      background class (both Clopper-Pearson), and rejection_NAME_estimated of its noise alone,
      (rejection - f (1 - efficiency)) / (1 - f), with an interval as by Fieller (J. R. Stat. Soc. B
      16 (1954) 175). It is blank in bins where the threshold is not below the cut: by assumption no
      noise is above the cut, so that it would be 1 whatever the data
    - with signal_like: contamination_true and rejection_NAME_true, of the same events

    Estimates are clipped to [0, 1], the change is not. Where a class has no event, they are blank.
    Raises RunsieveError unless there are two classes.
    """
    if not test.binary:
        raise RunsieveError(
            f"contamination: two classes expected, signal and background, found {len(test.classes)}"
        )
    if variable is None or edges is None:
        variable, edges = None, np.array([-np.inf, np.inf])
    weight = np.ones(len(test)) if weight is None else np.asarray(weight, dtype=float)
    events = _Events(test.score, test.true == 0, _place(test, edges), weight, len(edges) - 1)
    cut, stricter = _cuts(events, reference, edges)
    table = pd.DataFrame({"variable": [variable] * (events.bins + 1)})
    table["low"] = _with_total(np.where(np.isfinite(edges[:-1]), edges[:-1], np.nan))
    table["high"] = _with_total(np.where(np.isfinite(edges[1:]), edges[1:], np.nan))
    for name, chosen in (("signal", events.signal), ("background", ~events.signal)):
        number = np.bincount(events.place[chosen & events.inside], minlength=events.bins)
        table[name] = _with_total(number, number.sum())
    table["cut"] = _with_total(cut)
    _add(table, "contamination_estimated", *_contamination(events, cut))
    table["contamination_change"], table["contamination_change_error"] = _change(
        events, cut, stricter
    )
    noise = None if signal_like is None else ~events.signal & ~np.asarray(signal_like, dtype=bool)
    if noise is not None:
        table["contamination_true"] = 1 - _share(events, noise, ~events.signal)
    for name, threshold in thresholds.items():
        passes = events.score >= threshold
        table[f"threshold_{name}"] = threshold
        _add(table, f"efficiency_{name}", *_counted(events, passes, events.signal))
        _add(table, f"rejection_{name}", *_counted(events, ~passes, ~events.signal))
        _add(table, f"rejection_{name}_estimated", *_rejection(events, cut, threshold))
        if noise is not None:
            table[f"rejection_{name}_true"] = _share(events, noise & ~passes, noise)
    return table


def contamination_of(evaluated: Evaluated) -> pd.DataFrame:
    """The table of the test events of a sample; cuts are chosen on its validation events."""
    test, settings = evaluated.test, evaluated.settings
    return contamination_table(
        test,
        settings.binned,
        settings.bin_edges,
        {one.name: one.threshold(0) for one in evaluated.defined},
        reference=evaluated.validation,
        weight=test.weight,
        signal_like=None if test.truth is None else test.truth == 0,
    )


def contamination_of_models(
    files: Mapping[str, str | Path],
    classes: Sequence[str],
    settings: Report,
    points: Mapping[str, WorkingPoint],
) -> pd.DataFrame:
    """The table of each model, one below the other, with `model` as first column.

    files: scores (parquet) by model
    """
    tables = []
    for model, path in files.items():
        predictions = read_predictions(path, classes, settings.binned)
        tables.append(contamination_of(Evaluated.of(predictions, settings, points)))
        tables[-1].insert(0, "model", model)
    return pd.concat(tables, ignore_index=True)


@dataclass(frozen=True)
class _Events:
    """Scored events: score, whether signal, bin (-1: none) and weight, shapes (events,)."""

    score: np.ndarray
    signal: np.ndarray
    place: np.ndarray
    weight: np.ndarray
    bins: int

    @property
    def inside(self) -> np.ndarray:
        """True for events in a bin."""
        return self.place >= 0

    def sums(self, chosen: np.ndarray) -> np.ndarray:
        """Sum of weights of the chosen events in each bin, then in all bins."""
        chosen = chosen & self.inside
        part = np.bincount(self.place[chosen], self.weight[chosen], self.bins)
        return np.append(part, part.sum())

    def effective(self, chosen: np.ndarray, among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Effective numbers of events `chosen` and `among`, in each bin and then in all."""
        total = self.sums(among)
        among = among & self.inside
        squares = np.bincount(self.place[among], self.weight[among] ** 2, self.bins)
        scale = np.nan_to_num(ratio(total, np.append(squares, squares.sum())))
        return self.sums(chosen & among) * scale, total * scale


@dataclass(frozen=True)
class _Above:
    """Effective numbers of events above the cuts of the bins: shapes (bins,)."""

    signal: np.ndarray
    signals: np.ndarray
    background: np.ndarray
    backgrounds: np.ndarray

    @classmethod
    def of(cls, events: _Events, cut: np.ndarray) -> "_Above":
        above = events.score >= cut[events.place]
        signal, signals = events.effective(above, events.signal)
        background, backgrounds = events.effective(above, ~events.signal)
        return cls(signal[:-1], signals[:-1], background[:-1], backgrounds[:-1])

    @property
    def contamination(self) -> np.ndarray:
        """Fraction of the background above the cut, in units of that of the signal."""
        return ratio(self.background * self.signals, self.backgrounds * self.signal)

    @property
    def unbiased(self) -> np.ndarray:
        """The same with an unbiased inverse of the fraction of the signal, for sums over bins.

        Chapman, Univ. Calif. Publ. Stat. 1 (1951) 131.
        """
        return ratio(self.background, self.backgrounds) * (self.signals + 1) / (self.signal + 1)

    @property
    def fractions(self) -> tuple[np.ndarray, np.ndarray]:
        """Fractions of signal and background, away from 0 and 1: for errors."""
        return (
            (self.signal + 0.5) / (self.signals + 1),
            (self.background + 0.5) / (self.backgrounds + 1),
        )


def _place(predictions: Predictions, edges: np.ndarray) -> np.ndarray:
    """Bin of each event, -1 outside; without a variable, all events are in one bin."""
    if predictions.value is None or not np.isfinite(edges).all():
        return np.zeros(len(predictions), dtype=int)
    return bin_of(predictions.value, edges)


def _cuts(
    events: _Events, reference: Predictions | None, edges: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The two cuts of each bin; NaN in bins without any signal."""
    scores = _by_bin(events.score, events.place, events.signal)
    if reference is not None:
        chosen = _by_bin(reference.score, _place(reference, edges), reference.true == 0)
        scores |= {number: part for number, part in chosen.items() if len(part) >= FEWEST}
    cuts = np.full((len(KEPT), events.bins), np.nan)
    for number, part in scores.items():
        cuts[:, number] = [threshold_keeping(part, np.ones(len(part)), kept) for kept in KEPT]
    return cuts[0], cuts[1]


def _by_bin(score: np.ndarray, place: np.ndarray, chosen: np.ndarray) -> dict[int, np.ndarray]:
    """Scores of the chosen events in each bin that has any."""
    chosen = chosen & (place >= 0)
    groups = pd.Series(score[chosen]).groupby(place[chosen])
    return {int(number): part.to_numpy() for number, part in groups}


def _contamination(events: _Events, cut: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Estimate and interval of each bin, then of all."""
    above = _Above.of(events, cut)
    counts = above.background, above.backgrounds, above.signal, above.signals
    low, high = fraction_ratio_interval(*counts)
    value = np.clip(above.contamination, 0, 1)
    # The sum needs estimates and errors that do not know of the bound, which would bias it.
    weight = _weight_of_bins(events, above)
    each = above.unbiased
    ends = fraction_ratio_interval(*counts, at_most_one=False)
    mean = np.nansum(weight * each) if weight.any() else np.nan
    below, beyond = (np.sqrt(np.nansum((weight * np.nan_to_num(end - each)) ** 2)) for end in ends)
    return (
        np.append(value, np.clip(mean, 0, 1)),
        np.append(low, np.clip(mean - below, 0, 1)),
        np.append(high, np.clip(mean + beyond, 0, 1)),
    )


def _weight_of_bins(events: _Events, above: _Above) -> np.ndarray:
    """Fraction of the background events in each bin, of those in bins with both classes."""
    weight = events.sums(~events.signal)[:-1] * (above.signals > 0)
    return np.nan_to_num(ratio(weight, np.full(events.bins, weight.sum())))


def _change(
    events: _Events, cut: np.ndarray, stricter: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Change of the estimate with the stricter cut, and its error, in each bin and then in all."""
    loose, strict = _Above.of(events, cut), _Above.of(events, stricter)
    weight = _weight_of_bins(events, loose)
    (s, b), (ss, bb) = loose.fractions, strict.fractions
    variance = _variance(loose.backgrounds, b, -1 / s, bb, 1 / ss)
    variance += _variance(loose.signals, s, b / s**2, ss, -bb / ss**2)
    value = strict.contamination - loose.contamination
    variance = np.where(np.isnan(value), np.nan, variance)
    each = strict.unbiased - loose.unbiased
    total = np.nansum(weight * each) if weight.any() else np.nan
    spread = np.sqrt(np.nansum(weight**2 * variance)) if weight.any() else np.nan
    return np.append(value, total), np.append(np.sqrt(variance), spread)


def _rejection(
    events: _Events, cut: np.ndarray, threshold: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rejection of noise and its interval, in each bin and then in all.

    With a and e the fractions of background and signal that pass, and f = b / s, the fraction of
    noise that passes is t = (a - f e) / (1 - f). Its interval holds all t for which
    a - f e - t (1 - f), whose expectation is 0, is compatible with 0.
    """
    above, passing = _Above.of(events, cut), _Above.of(events, np.full(events.bins, threshold))
    (s, b), (e, a) = above.fractions, passing.fractions
    passed = ratio(passing.background, passing.backgrounds)
    kept = ratio(passing.signal, passing.signals)
    weight = _weight_of_bins(events, above)

    def variance(t: np.ndarray) -> np.ndarray:
        of_background = _variance(above.backgrounds, a, 1, b, (t - e) / s)
        return of_background + _variance(above.signals, e, -b / s, s, b / s**2 * (e - t))

    def with_sum(each: np.ndarray, terms: np.ndarray) -> np.ndarray:
        return np.append(each, np.nansum(weight * terms))

    f, unbiased = above.contamination, above.unbiased
    # As in `unbiased`: kept and the fraction above the cut are correlated.
    kept_of_above = np.where(
        threshold < cut,
        (passing.signal + 1) / (above.signal + 1),
        ratio(passing.signal, above.signal),
    )
    sent = ratio(above.background, above.backgrounds) * kept_of_above
    excess = with_sum(passed - f * kept, passed - sent)
    noise = with_sum(1 - f, 1 - unbiased)
    blank = np.append(~(threshold < cut) | np.isnan(f), not weight.any())

    low, high = np.zeros((2, len(noise))), np.ones((2, len(noise)))
    for _ in range(STEPS):
        t = (low + high) / 2
        square = np.array(
            [np.append(variance(v[:-1]), np.nansum(weight**2 * variance(v[-1]))) for v in t]
        )
        error = np.sqrt(np.where(square > 0, square, np.nan))
        towards, back = accepted_deviations(t * noise / error)
        beyond = (excess - t * noise) / error > np.array([back[0], -towards[1]])
        low, high = np.where(beyond, t, low), np.where(beyond, high, t)
    # Without noise in the background, any fraction of it may pass.
    unknown = ~(noise > 0)
    passes = np.where(unknown, np.nan, np.clip(excess / np.where(unknown, 1, noise), 0, 1))
    ends = np.where(unknown, 0, low[0]), np.where(unknown, 1, high[1])
    return tuple(np.where(blank, np.nan, 1 - part) for part in (passes, ends[1], ends[0]))


def _variance(
    events: np.ndarray, x: np.ndarray, in_x: np.ndarray, y: np.ndarray, in_y: np.ndarray
) -> np.ndarray:
    """Variance of in_x X + in_y Y for the fractions X, Y of `events` above two cuts.

    x, y: their expectations. Events above the higher cut are above the lower one, too.
    """
    both = np.minimum(x, y) - x * y
    sums = in_x**2 * x * (1 - x) + in_y**2 * y * (1 - y) + 2 * in_x * in_y * both
    return ratio(np.maximum(sums, 0), events)


def _counted(
    events: _Events, chosen: np.ndarray, among: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fraction of the events `among` that are chosen, and its interval, per bin and for all."""
    passed, total = events.effective(chosen, among)
    return ratio(passed, total), *clopper_pearson(np.minimum(passed, total), total)


def _share(events: _Events, chosen: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Fraction of the events `among` that are chosen, per bin and for all."""
    return ratio(events.sums(chosen), events.sums(among))


def _with_total(values: np.ndarray, total: float = np.nan) -> np.ndarray:
    """The values of the bins, and that of all."""
    return np.append(values, total)


def _add(
    table: pd.DataFrame, name: str, value: np.ndarray, low: np.ndarray, high: np.ndarray
) -> None:
    """Add a value and the ends of its interval to the table."""
    table[name], table[f"{name}_low"], table[f"{name}_high"] = value, low, high
