"""P-values: of scores that should not depend on the class, of efficiencies or rates of groups."""

import numpy as np
from scipy.special import bdtr, chdtrc

FEW = 5  # expected events below which chi-square does not follow its distribution
TABLES = 9999
CHUNK = 1_000_000  # random counts in memory at a time


def separation(scores: np.ndarray, others: np.ndarray) -> float:
    """Probability of scores that differ as much if both come from one distribution, two-sided.

    The test of Mann and Whitney, Ann. Math. Stat. 18 (1947) 50. `scores` and `others` have shape
    (events,) and must not be empty.
    """
    if np.ptp(np.concatenate([scores, others])) == 0:
        return 1.0
    from scipy.stats import mannwhitneyu  # here, as it takes half a second

    return float(mannwhitneyu(scores, others, alternative="two-sided").pvalue)


def equal_chances(count: int, other: int) -> float:
    """Probability of two counts that differ as much if each event is as likely in either of them.

    Two-sided, exact: the binomial test that McNemar's test (Psychometrika 12 (1947) 153) approaches
    for many events. 1 without any event.
    """
    total = count + other
    return min(1.0, 2 * float(bdtr(min(count, other), total, 0.5))) if total else 1.0


def equal_rates(counts: np.ndarray, exposure: np.ndarray) -> float:
    """Probability of counts that differ as much if all groups have the same rate.

    counts: of independent Poisson distributions, exposure: such as live times in any unit, above 0;
    both of shape (groups,). Given their sum, counts of equal rates are multinomial with the
    exposures as probabilities (Przyborowski and Wilenski, Biometrika 31 (1940) 313, for two
    groups); they are compared by Pearson's chi-square. Where fewer than `FEW` events are expected
    in a group, its distribution is taken from random counts with the same sum (seeded). NaN with
    fewer than two groups. 1 without any event.
    """
    counts, exposure = np.asarray(counts), np.asarray(exposure, dtype=float)
    if len(counts) < 2:
        return np.nan
    total = int(counts.sum())
    if total == 0:
        return 1.0
    chances = exposure / exposure.sum()
    expected = total * chances
    found = ((counts - expected) ** 2 / expected).sum()
    if expected.min() >= FEW:
        return float(chdtrc(len(counts) - 1, found))
    generator, as_large = np.random.default_rng(1), 0
    rows = max(1, CHUNK // len(counts))
    for start in range(0, TABLES, rows):
        drawn = generator.multinomial(total, chances, min(rows, TABLES - start))
        sums = ((drawn - expected) ** 2 / expected).sum(axis=1)
        as_large += int((sums >= found * (1 - 1e-12)).sum())  # equal but for rounding
    return (1 + as_large) / (1 + TABLES)


def homogeneity(passed: np.ndarray, total: np.ndarray) -> float:
    """Probability of counts that differ as much if all groups have the same efficiency.

    passed, total: counts, shape (groups,). Pearson's chi-square without continuity correction;
    where fewer than `FEW` events are expected in a cell, its distribution is taken from random
    tables with the same sums (seeded). NaN with fewer than two groups with events. 1 where all or
    none have passed.
    """
    passed, total = (np.asarray(counts)[np.asarray(total) > 0] for counts in (passed, total))
    if len(total) < 2:
        return np.nan
    if passed.sum() in (0, total.sum()):
        return 1.0
    from scipy.stats import MonteCarloMethod, chi2_contingency

    table = np.array([passed, total - passed])
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    method = None
    if expected.min() < FEW:
        method = MonteCarloMethod(n_resamples=TABLES, rng=np.random.default_rng(1))
    return float(chi2_contingency(table, correction=False, method=method).pvalue)
