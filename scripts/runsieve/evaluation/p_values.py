"""P-values: of scores that should not depend on the class, of efficiencies of several groups."""

import numpy as np

FEW = 5  # expected events below which chi-square does not follow its distribution
TABLES = 9999


def separation(scores: np.ndarray, others: np.ndarray) -> float:
    """Probability of scores that differ as much if both come from one distribution, two-sided.

    The test of Mann and Whitney, Ann. Math. Stat. 18 (1947) 50. `scores` and `others` have shape
    (events,) and must not be empty.
    """
    if np.ptp(np.concatenate([scores, others])) == 0:
        return 1.0
    from scipy.stats import mannwhitneyu  # here, as it takes half a second

    return float(mannwhitneyu(scores, others, alternative="two-sided").pvalue)


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
