import keras
import numpy as np
import pytest

from runsieve.config.model import Network
from runsieve.errors import RunsieveError
from runsieve.networks import RawScaling, build, load


def network(units, dropout=(), **scaling):
    return Network.model_validate(
        {
            "type": "network",
            "input": "waveform",
            "scaling": scaling,
            "network": {"units": list(units), "dropout": list(dropout)},
        }
    )


def test_cosine_network_has_the_published_number_of_parameters():
    settings = network(
        (768, 768, 512, 512, 512),
        (0.30, 0.30, 0.25, 0.25, 0.25),
        segments=2,
        pedestal_samples=1000,
        scale=100.0,
    )
    model = build(settings, (8160,), 2)
    assert model.count_params() == 7_778_306
    rates = [layer.rate for layer in model.layers if isinstance(layer, keras.layers.Dropout)]
    assert rates == [0.30, 0.30, 0.25, 0.25, 0.25]


@pytest.mark.parametrize("shape", [(12,), (2, 6), (2, 3, 2)])
def test_scaling_subtracts_the_pedestal_of_each_segment(shape):
    raw = np.random.default_rng(1).integers(0, 4096, (5, *shape), dtype=np.uint16)
    parts = raw.reshape(5, 2, 6).astype(float)
    expected = (parts - parts[:, :, :4].mean(axis=2, keepdims=True)) / 50
    scaled = RawScaling(segments=2, pedestal_samples=4, scale=50.0)(raw)
    assert keras.backend.standardize_dtype(scaled.dtype) == "float32"
    np.testing.assert_allclose(scaled, expected.reshape(5, *shape), atol=1e-4)


def test_scaling_alone_divides():
    raw = np.array([[1, 2, 255]], dtype=np.uint8)
    np.testing.assert_allclose(RawScaling(scale=255.0)(raw), raw / 255, rtol=1e-6)


def test_probabilities_add_up_at_half_precision_and_stay_float32():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = build(network([4], segments=2, pedestal_samples=2, scale=100.0), (8,), 3)
    finally:
        keras.config.set_dtype_policy("float32")
    raw = np.random.default_rng(1).integers(0, 4096, (6, 8), dtype=np.uint16)
    probabilities = model.predict_on_batch(raw)
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")
def test_a_saved_network_gives_the_same_probabilities(tmp_path):
    model = build(network([4, 3], [0.5, 0.0], segments=2, pedestal_samples=2, scale=7.0), (8,), 2)
    raw = np.random.default_rng(1).integers(0, 4096, (6, 8), dtype=np.uint16)
    model.save(tmp_path / "model.keras")
    again = load(tmp_path / "model.keras")
    np.testing.assert_array_equal(model.predict_on_batch(raw), again.predict_on_batch(raw))


def test_scaling_that_does_not_fit_the_input_is_an_error():
    with pytest.raises(RunsieveError, match="segments is 3"):
        build(network([4], segments=3), (8,), 2)
    with pytest.raises(RunsieveError, match="pedestal_samples is 5"):
        build(network([4], segments=2, pedestal_samples=5), (8,), 2)
