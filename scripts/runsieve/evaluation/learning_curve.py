"""Learning curve: how good models are that were trained on fewer events."""

from collections.abc import Sequence

import pandas as pd

from runsieve.errors import RunsieveError
from runsieve.evaluation.metrics import auc, columns, fraction
from runsieve.evaluation.predictions import Predictions


def learning_curve(scored: Sequence[tuple[str, Predictions]]) -> pd.DataFrame:
    """One row per model and number of training events, from scores of all events of each training.

    Columns: model, train (training events of all classes), fewest (of the class that has the
    fewest), test (test events), auc and accuracy with their intervals. Intervals are of the test
    events, which all trainings share: points of a curve move together. Raises RunsieveError unless
    test events are the same.
    """
    rows, first = [], None
    for model, predictions in scored:
        test, train = predictions.part("test"), predictions.part("train")
        first = test if first is None else first
        if len(test) != len(first) or (test.true != first.true).any():
            raise RunsieveError(
                f"learning curve: model {model} was not tested on the same events as the others"
            )
        fewest = min((train.true == label).sum() for label, _ in enumerate(train.classes))
        row = {"model": model, "train": len(train), "fewest": int(fewest), "test": len(test)}
        row |= columns("auc", auc(test))
        row |= columns("accuracy", fraction(test.correct, test.weight))
        rows.append(row)
    table = pd.DataFrame(rows)
    models = pd.Categorical(table["model"], categories=table["model"].unique(), ordered=True)
    table = table.assign(_model=models).sort_values(["_model", "train"], kind="stable")
    return table.drop(columns="_model").reset_index(drop=True)
