"""Conversion of a trained network to a graph of ONNX; where it fails, the layer is named."""

import keras
import onnx
import onnxruntime
import tensorflow
import tf2onnx

from runsieve.errors import RunsieveError
from runsieve.networks.calibration import uncalibrated
from runsieve.networks.operators import HANDLERS

OPSET = 15  # of the operators: an early one, which older versions of ONNX Runtime read as well
EVENTS = "events"  # name of the first axis of inputs and outputs, which is of any length
PROBABILITIES, UNCALIBRATED = "probabilities", "uncalibrated"


def converted(network: keras.Model) -> onnx.ModelProto:
    """A network as ONNX: inputs by their names and in their raw types, (events, *shape).

    Its output is `probabilities` (events, classes), of a calibrated network also `uncalibrated`.
    Raises RunsieveError, with the name of the layer, where the exporter cannot do it.
    """
    try:
        return _converted(network, _outputs(network))
    except Exception as error:
        layer, reason = _culprit(network) or ("the network", error)
        raise RunsieveError(f"the exporter to ONNX cannot do {layer}: {_first_line(reason)}") from (
            error
        )


def opened(content: bytes) -> onnxruntime.InferenceSession:
    """ONNX Runtime with a network, in one thread of the processor."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def _outputs(network: keras.Model) -> dict[str, keras.KerasTensor]:
    outputs = {PROBABILITIES: network.output}
    before = uncalibrated(network)
    return outputs if before is network else outputs | {UNCALIBRATED: before.output}


def _converted(network: keras.Model, outputs: dict[str, keras.KerasTensor]) -> onnx.ModelProto:
    """The part of a network that gives these outputs, as ONNX that ONNX Runtime accepts."""
    names = [one.name for one in network.inputs]
    types = [tensorflow.TensorSpec(one.shape, one.dtype, one.name) for one in network.inputs]
    part = keras.Model(network.input, outputs)

    @tensorflow.function(input_signature=types)
    def function(*raw):
        return part(dict(zip(names, raw, strict=True)) if len(names) > 1 else raw[0])

    made, _ = tf2onnx.convert.from_function(
        function, input_signature=types, opset=OPSET, custom_op_handlers=HANDLERS
    )
    for value in (*made.graph.input, *made.graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = EVENTS
    onnx.checker.check_model(made)
    opened(made.SerializeToString())
    return made


def _culprit(network: keras.Model) -> tuple[str, Exception] | None:
    """The first layer that cannot be converted with those before it, and why; None if all can."""
    steps = network.operations
    first, last, reason = 0, len(steps), None
    while first < last:
        middle = (first + last) // 2
        values = [value for one in steps[: middle + 1] for value in _values(one)]
        try:
            _converted(network, {f"output_{place}": one for place, one in enumerate(values)})
            first = middle + 1
        except Exception as error:
            last, reason = middle, error
    if reason is None:
        return None
    return f"layer {steps[last].name} ({type(steps[last]).__name__})", reason


def _values(step: keras.Operation) -> list[keras.KerasTensor]:
    """What a layer returns; nothing of inputs, nor of a layer that is called several times."""
    if isinstance(step, keras.layers.InputLayer) or len(step._inbound_nodes) > 1:
        return []
    return keras.tree.flatten(step.output)


def _first_line(error: Exception) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return " ".join(lines[0].split())[:200] if lines else type(error).__name__
