"""What cross tests say, in a sentence."""

import pandas as pd

from runsieve.reports.page.transfer import transfer

NAMES = ["model", "trained_on", "tested_on", "auc", "auc_low", "auc_high"]


def own(*values):
    rows = [("other", model, auc, auc - 0.003, auc + 0.003) for model, auc in values]
    return pd.DataFrame(rows, columns=["sample", "model", "auc", "auc_low", "auc_high"])


def crossed(*values):
    rows = [(model, "mine", "mine", 0.99, 0.985, 0.995) for model, _ in values]
    rows += [(model, "mine", "other", auc, auc - 0.004, auc + 0.004) for model, auc in values]
    return pd.DataFrame(rows, columns=NAMES)


def test_a_model_that_loses_is_named_with_its_loss():
    said = transfer(crossed(("cnn", 0.9), ("dense", 0.85)), own(("cnn", 0.905), ("dense", 0.9)))
    assert said == (
        "In 1 of 2 cross tests a model is worse than the same model trained on the sample that it "
        "is tested on. Difference of AUC: dense of mine on other \u22120.0500 \u00b1 0.0050."
    )


def test_where_none_loses_the_largest_loss_is_named():
    said = transfer(crossed(("cnn", 0.9), ("dense", 0.91)), own(("cnn", 0.905), ("dense", 0.9)))
    assert said == (
        "In none of 2 cross tests is a model significantly worse than the same model trained on "
        "the sample that it is tested on. Largest loss of AUC: cnn of mine on other "
        "\u22120.0050 \u00b1 0.0050."
    )


def test_without_a_model_that_was_trained_there_nothing_is_said():
    assert transfer(crossed(("cnn", 0.9)), own(("dense", 0.9))) == ""
    assert transfer(crossed(("cnn", 0.9)).head(1), own(("cnn", 0.9))) == ""
