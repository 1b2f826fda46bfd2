"""Batch normalisation in one operation while a network is trained."""

import keras
import tensorflow as tf

Normalisation = keras.layers.BatchNormalization


class Fused(keras.layers.Layer):
    """Trains a layer of batch normalisation with the fused operation of TensorFlow.

    Values have the shape (batch, positions..., channels) with one axis of positions or two. Outputs
    and moving moments are those of the layer, whose variables these are; Keras itself passes over
    the values once for each moment, and in float32.
    """

    def __init__(self, layer: Normalisation) -> None:
        super().__init__(name=layer.name, dtype=layer.dtype_policy)
        self.layer = layer

    def compute_output_shape(self, shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """The same shape."""
        return shape

    def call(self, values: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Normalise by the moments of the batch in training, by the moving ones otherwise."""
        layer = self.layer
        if not (training and layer.trainable):
            return layer(values, training=False)
        shape = tf.shape(values)
        normalised, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=values if values.shape.rank == 4 else tf.expand_dims(values, 1),
            scale=layer.gamma,
            offset=layer.beta,
            mean=tf.zeros(0),
            variance=tf.zeros(0),
            epsilon=layer.epsilon,
            is_training=True,
        )
        # The operation divides by one less than the number of values, Keras by their number.
        count = tf.cast(tf.reduce_prod(shape[:-1]), tf.float32)
        for moving, now in (
            (layer.moving_mean, mean),
            (layer.moving_variance, variance * (count - 1) / count),
        ):
            moving.assign(moving * layer.momentum + now * (1 - layer.momentum))
        return tf.reshape(normalised, shape)


def with_fused(network: keras.Model) -> keras.Model:
    """The same network, of the same layers and variables, which trains its normalisation fused.

    Layers inside of a layer stay as they are.
    """

    def called(layer: keras.layers.Layer, *arguments, **options):
        return Fused(layer)(*arguments) if fits(layer) else layer(*arguments, **options)

    return keras.models.clone_model(
        network, clone_function=lambda layer: layer, call_function=called
    )


def fits(layer: keras.layers.Layer) -> bool:
    """True for batch normalisation that the operation can do."""
    return (
        type(layer) is Normalisation
        and (rank := len(layer.input.shape)) in (3, 4)
        and layer.axis in (-1, rank - 1)
        and layer.scale
        and layer.center
        and not (layer.renorm or layer.synchronized)
    )
