"""Optimisers by name. Adam takes one pass over the weights where Keras itself takes a dozen."""

import keras
import tensorflow as tf


class Adam(keras.optimizers.Adam):
    """Adam of Keras, whose step for a variable is the fused operation of TensorFlow.

    The formula is the same (Kingma, Ba, ICLR 2015, end of section 2).
    """

    def update_step(
        self, gradient: tf.Tensor, variable: tf.Variable, learning_rate: tf.Tensor
    ) -> None:
        """Change a variable and its moments."""
        at = self._get_variable_index(variable)
        step = tf.cast(self.iterations + 1, variable.dtype)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[at].value.handle,
            v=self._velocities[at].value.handle,
            beta1_power=tf.pow(tf.cast(self.beta_1, variable.dtype), step),
            beta2_power=tf.pow(tf.cast(self.beta_2, variable.dtype), step),
            lr=tf.cast(learning_rate, variable.dtype),
            beta1=tf.cast(self.beta_1, variable.dtype),
            beta2=tf.cast(self.beta_2, variable.dtype),
            epsilon=tf.cast(self.epsilon, variable.dtype),
            grad=tf.cast(gradient, variable.dtype),
        )


class AdamW(Adam, keras.optimizers.AdamW):
    """AdamW of Keras, with the same fused step; its decay of the weights is apart."""


OPTIMISERS = {
    "adam": Adam,
    "adamw": AdamW,
    "nadam": keras.optimizers.Nadam,
    "rmsprop": keras.optimizers.RMSprop,
    "sgd": keras.optimizers.SGD,
}
