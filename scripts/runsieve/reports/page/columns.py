"""The columns of the tables of the page: their headings, and what of a file they show."""

from runsieve.evaluation.glossary import METRICS
from runsieve.reports.page.tables import (
    COUNT,
    FIRST,
    MEAN,
    NUMBER,
    QUOTED,
    SIGNIFICANT,
    Column,
)

ON_TEST = "on test events, at this threshold"
BY_TRUTH = "judged by the simulated process"

THRESHOLD = Column(
    "cut at score", "threshold", NUMBER, digits=3, note="chosen on validation events", seeds=FIRST
)
REALISED = (
    Column("signal kept", "efficiency", QUOTED, note=ON_TEST, seeds=FIRST),
    Column("background rejected", "rejection", QUOTED, note=ON_TEST, seeds=FIRST),
)
AUC = Column("AUC", "auc_mean", QUOTED, "auc_total_low", "auc_total_high", seeds=MEAN)
REJECTION = Column(
    "rejection at target",
    "rejection_mean",
    QUOTED,
    "rejection_total_low",
    "rejection_total_high",
    note="at exactly the efficiency that was asked for",
    seeds=MEAN,
)
ACCURACY = Column(
    "accuracy", "accuracy_mean", QUOTED, "accuracy_total_low", "accuracy_total_high", seeds=MEAN
)
LOSS = Column(
    "log loss", "log_loss_mean", QUOTED, "log_loss_total_low", "log_loss_total_high", seeds=MEAN
)
TRUTH = (
    Column(
        "AUC, truth",
        "auc_truth_mean",
        QUOTED,
        "auc_truth_total_low",
        "auc_truth_total_high",
        note=BY_TRUTH,
        seeds=MEAN,
    ),
    Column(
        "rejection, truth",
        "rejection_truth_mean",
        QUOTED,
        "rejection_truth_total_low",
        "rejection_truth_total_high",
        note=BY_TRUTH,
        seeds=MEAN,
    ),
)
MACRO_F1 = Column(
    "macro F1", "macro_f1_mean", QUOTED, "macro_f1_total_low", "macro_f1_total_high", seeds=MEAN
)
PARAMETERS = Column("parameters", "parameters", COUNT)
PAIRS = (
    Column("better by AUC", "model"),
    Column("other", "other"),
    Column("difference of AUC", "auc_difference", QUOTED),
    Column("p (DeLong)", "p_auc", SIGNIFICANT, digits=2),
    Column("p, corrected", "p_auc_holm", SIGNIFICANT, digits=2),
    Column("only first right", "only_model_right", COUNT),
    Column("only other right", "only_other_right", COUNT),
    Column("p (McNemar)", "p_accuracy", SIGNIFICANT, digits=2),
    Column("p, corrected", "p_accuracy_holm", SIGNIFICANT, digits=2),
)
PURITY = (
    Column("label", "class"),
    Column("in truth", "truth"),
    Column("events", "events", COUNT),
    Column("of", "total", COUNT),
    Column("fraction", "fraction", QUOTED),
)
DRAWN = (
    Column("class", "class"),
    Column("split", "split"),
    Column("balance", "balance"),
    Column("available", "available", COUNT),
    Column("drawn", "drawn", COUNT),
    Column("sum of weights", "weight", COUNT),
)


CALIBRATION = Column(
    "calibration error",
    "calibration_error",
    QUOTED,
    note=METRICS["calibration_error"].meaning,
    seeds=FIRST,
)
CLOSURE = Column(
    "closure", "closure", QUOTED, note="efficiency on test events minus the target", seeds=FIRST
)
AREAS = tuple(
    Column(f"AUC, {name} events", f"auc_{part}", NUMBER, seeds=FIRST)
    for part, name in (("train", "training"), ("test", "test"))
)
OVERTRAINING = Column(
    "p of training",
    "p_holm",
    SIGNIFICANT,
    digits=2,
    note="of training and test scores that differ as much by chance, the smallest of all classes",
    seeds=FIRST,
)
SEEDS = Column("seeds", "count", COUNT)
SPREAD = Column(
    "spread of AUC", "auc_spread", SIGNIFICANT, digits=2, note="standard deviation over the seeds"
)
OF_RUNS = Column(
    "p of runs",
    "p_homogeneity",
    SIGNIFICANT,
    digits=2,
    note="of runs of a class that differ as much by chance, the smallest of all classes",
    seeds=FIRST,
)
POINTS = (
    Column("working point", "working_point"),
    Column("judged by", "against"),
    Column("threshold", "threshold", NUMBER),
    Column("signal efficiency", "efficiency", QUOTED),
    Column("background rejection", "rejection", QUOTED),
    Column(
        "1/FPR",
        "rejection_factor",
        QUOTED,
        digits=1,
        note="one in so many background events passes",
    ),
    Column("closure", "closure", QUOTED, note="efficiency on test events minus the target"),
    Column(
        "at the target",
        "at_target",
        QUOTED,
        note="rejection at exactly that efficiency, or the other way round",
    ),
)
CLASSES = (
    Column("class", "class"),
    Column("precision", "precision", QUOTED),
    Column("recall", "recall", QUOTED),
    Column("F1", "f1", NUMBER),
    Column("test events", "support", COUNT),
)
RATES = (
    Column("working point", "working_point"),
    Column("threshold", "threshold", NUMBER, digits=3),
    Column("from", "low", SIGNIFICANT, digits=4),
    Column("to", "high", SIGNIFICANT, digits=4),
    Column("events", "events", COUNT),
    Column("rate", "rate", QUOTED),
    Column("test events", "total", COUNT),
    Column("passed", "passed", COUNT),
    Column("rate left", "rate_left", QUOTED),
)
DIAGNOSES = (
    Column("diagnosis", "name"),
    Column("what is measured", "value_is"),
    Column("value", "value", SIGNIFICANT, digits=2),
    Column("fires", "fires"),
    Column("limit", "limit", SIGNIFICANT, digits=2),
    Column("result", "finding"),
)


CUTFLOW = (
    Column("class", "class"),
    Column("cut", "step"),
    Column("condition", "cut"),
    Column("passed", "passed", COUNT),
    Column("of the step before / %", "efficiency", QUOTED, digits=2),
    Column(
        "N\u22121 / %",
        "efficiency_n_1",
        QUOTED,
        digits=2,
        note="of the entries that pass all other cuts",
    ),
)
STATISTICS = (
    Column("run", "run", SIGNIFICANT, digits=12),
    Column("class", "class"),
    Column("channel", "channel"),
    Column("events", "events", COUNT),
)
NULL_TESTS = (
    Column("sample", "sample"),
    Column("model", "model"),
    Column("told apart", "what"),
    Column("test events", "events", COUNT),
    Column("AUC", "auc", QUOTED),
    Column(
        "detectable AUC",
        "auc_noticed",
        NUMBER,
        digits=3,
        note="the smallest AUC that makes the test fail nine times in ten",
    ),
    Column("p", "p", SIGNIFICANT, digits=2),
    Column("p (Holm)", "p_holm", SIGNIFICANT, digits=2),
    Column("result", "result"),
)
CROSS_TESTS = (
    Column("model", "model"),
    Column("trained on", "trained_on"),
    Column("tested on", "tested_on"),
    Column("test events", "events", COUNT),
    Column("AUC", "auc", QUOTED),
    Column("accuracy", "accuracy", QUOTED),
)
SHIFTS = (
    Column("sample", "sample"),
    Column("model", "model"),
    Column("shift", "shift"),
    Column("what it does", "change"),
    Column("AUC", "auc", NUMBER),
    Column("its change", "auc_difference", QUOTED),
)
SHIFTED = (
    Column("cut at score", "threshold", NUMBER, digits=3),
    Column("efficiency", "efficiency", NUMBER, digits=3),
    Column("its change", "efficiency_difference", QUOTED),
    Column("rejection", "rejection", NUMBER, digits=3),
    Column("its change", "rejection_difference", QUOTED),
)
KEPT = (
    Column("live time / days", "livetime_days", SIGNIFICANT, digits=4),
    Column("selected", "selected", COUNT),
    Column("left out", "left_out", COUNT, note="the model was trained or chosen on them"),
    Column("kept", "kept", COUNT, note="of those that were not left out"),
    Column("fraction kept", "fraction", QUOTED),
)
P_FRACTION = Column("p of fractions", "p_fraction", SIGNIFICANT, digits=2)
RATE = Column("kept per day", "rate", QUOTED, note="scaled up for what was left out")
P_RATE = Column("p of rates", "p_rate", SIGNIFICANT, digits=2)
