"""Probabilities of a network, batch by batch."""

from types import SimpleNamespace

import numpy as np
import pytest

from runsieve.errors import RunsieveError
from runsieve.networks.prediction import predict


def test_predict_keeps_the_order_of_the_rows():
    taken = SimpleNamespace(name="waveform", shape=(None, 1))
    echo = SimpleNamespace(
        inputs=[taken], output_shape=(None, 1), predict_on_batch=lambda batch: batch
    )
    arrays = {"waveform": np.arange(10, dtype=np.uint16)[:, None]}
    rows = np.array([7, 3, 3, 9, 0])
    np.testing.assert_array_equal(predict(echo, arrays, rows, batch_size=2)[:, 0], rows)


def test_predict_refuses_events_of_another_shape():
    taken = SimpleNamespace(name="waveform", shape=(None, 8160))
    network = SimpleNamespace(inputs=[taken], output_shape=(None, 2))
    with pytest.raises(RunsieveError, match=r"\(8160,\).*\(4080,\)"):
        predict(network, {"waveform": np.zeros((2, 4080))}, np.arange(2))
