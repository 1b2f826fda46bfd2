"""Operations of TensorFlow that tf2onnx cannot write, in terms of operators of ONNX."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tf2onnx.graph import Graph, Node


def _erfc(graph: "Graph", node: "Node", name: str, arguments: list) -> None:
    """The complementary error function of `gelu`: 1 - erf(x)."""
    (one,) = graph.make_const(f"{name}_one", np.array(1, np.float32)).output
    (error_function,) = graph.make_node("Erf", node.input).output
    _replace(graph, node, "Sub", [one, error_function])


def _upper_bound(graph: "Graph", node: "Node", name: str, arguments: list) -> None:
    """How many sorted knots (rows, n) are at most each of the values (rows, m)."""
    knots, values = node.input
    (middle,) = graph.make_const(f"{name}_middle", np.array([1], np.int64)).output
    (last,) = graph.make_const(f"{name}_last", np.array([2], np.int64)).output
    above = graph.make_node("Unsqueeze", [values, last]).output
    reached = graph.make_node(
        "GreaterOrEqual", [*above, *graph.make_node("Unsqueeze", [knots, middle]).output]
    )
    counted = graph.make_node(
        "Cast", reached.output, attr={"to": graph.get_dtype(node.output[0])}
    ).output
    _replace(graph, node, "ReduceSum", [*counted, last], {"keepdims": 0})


def _replace(
    graph: "Graph", node: "Node", kind: str, inputs: list[str], options: dict | None = None
) -> None:
    """Put an operator of ONNX in the place of a node, with its outputs."""
    shapes, types = node.output_shapes, node.output_dtypes
    graph.remove_node(node.name)
    graph.make_node(
        kind, inputs, options, outputs=node.output, name=node.name, shapes=shapes, dtypes=types
    )


# In the form of tf2onnx: by operation the function that replaces it, and its arguments.
HANDLERS = {"Erfc": (_erfc, []), "UpperBound": (_upper_bound, [])}
