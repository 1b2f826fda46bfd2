"""A training metric: the accuracy of each class, from counts accumulated over an epoch."""

from collections.abc import Sequence

import keras


class ClassAccuracy(keras.metrics.Metric):
    """Fraction of correct predictions, over all events and for each class."""

    def __init__(self, classes: Sequence[str]) -> None:
        super().__init__(name="class_accuracy")
        self.classes = list(classes)
        self.total, self.passed = (
            self.add_variable((len(classes),), "zeros", dtype="int", name=name)
            for name in ("total", "passed")
        )

    def update_state(self, labels, probabilities, sample_weight=None) -> None:
        """Count a batch: labels and probabilities (batch, classes); weights are ignored."""
        true = keras.ops.argmax(labels, axis=-1)
        right = keras.ops.cast(true == keras.ops.argmax(probabilities, axis=-1), self.total.dtype)
        members = keras.ops.one_hot(true, len(self.classes), dtype=self.total.dtype)
        self.total.assign_add(keras.ops.sum(members, axis=0))
        self.passed.assign_add(keras.ops.sum(members * right[:, None], axis=0))

    def result(self) -> dict:
        """`accuracy` and `accuracy_CLASS`; NaN where nothing was counted."""
        fractions = keras.ops.cast(self.passed, "float32") / keras.ops.cast(self.total, "float32")
        overall = keras.ops.sum(self.passed) / keras.ops.sum(self.total)
        each = {f"accuracy_{name}": fractions[label] for label, name in enumerate(self.classes)}
        return {"accuracy": overall, **each}
