"""ROOT selection strings: parsed by formulate, evaluated on arrays, never run as Python.

As in ROOT's TTreeFormula every value counts as a double, and every nonzero value is true.
`Entry$` is the number of an entry, counted from 0 through all files of a run.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import formulate
import numpy as np
from formulate.AST import AST, BinaryOperator, Call, Literal, Matrix, Symbol, UnaryOperator
from formulate.identifiers import PYTHON_CONSTANTS

from runsieve.errors import RunsieveError

if TYPE_CHECKING:
    import awkward as ak

ENTRY = "Entry$"
_ENTRY = "runsieve_entry_number"  # what formulate reads instead, as it knows no `Entry$`
_UNARY = {"pos": np.positive, "neg": np.negative, "inv": np.logical_not}
_BINARY = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "mod": np.fmod,
    "pow": np.power,
    "lt": np.less,
    "gt": np.greater,
    "lte": np.less_equal,
    "gte": np.greater_equal,
    "eq": np.equal,
    "neq": np.not_equal,
    "and": np.logical_and,
    "or": np.logical_or,
}
_FUNCTIONS = {
    name: getattr(np, name)
    for name in [
        "sqrt",
        "abs",
        "log",
        "log10",
        "log2",
        "exp",
        "sin",
        "cos",
        "tan",
        "arcsin",
        "arccos",
        "arctan",
        "arctan2",
        "sinh",
        "cosh",
        "tanh",
        "arcsinh",
        "arccosh",
        "arctanh",
        "ceil",
        "floor",
    ]
} | {
    "pow": np.power,
    "min": np.minimum,
    "max": np.maximum,
    "tmath_min": np.minimum,
    "tmath_max": np.maximum,
}
_REDUCTIONS = {"sum": "sum", "min": "min", "max": "max", "length": "num"}
# formulate defines these three as Python source code.
_CONSTANTS = PYTHON_CONSTANTS | {"inf": np.inf, "neginf": -np.inf, "nan": np.nan}


@dataclass(frozen=True)
class Expression:
    """A parsed ROOT expression."""

    text: str
    tree: AST

    @property
    def names(self) -> frozenset[str]:
        """Names of the columns or branches that it reads, and `Entry$`."""
        return frozenset(_names(self.tree))

    @property
    def branch(self) -> str | None:
        """The name that it consists of; None if it is more than a name."""
        return next(iter(self.names), None) if isinstance(self.tree, Symbol) else None

    def evaluate(self, values: "Mapping[str, np.ndarray | ak.Array]") -> np.ndarray:
        """Evaluate the expression for each entry; returns float64 or bool, shape (entries,) or ().

        `values` maps each of `names` to an array of shape (entries,), or (entries, n) and jagged
        where the expression takes an element, a sum, minimum, maximum or length. Raises
        RunsieveError for an element that does not exist and for arrays of different lengths.
        """
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return self._evaluate(self.tree, values)

    def _evaluate(self, node: AST, values: "Mapping[str, np.ndarray | ak.Array]") -> np.ndarray:
        match node:
            case Literal():
                return np.float64(node.value)
            case Symbol() if _name(node) in values:
                return _as_double(values[_name(node)])
            case Symbol():
                return np.float64(_CONSTANTS[node.name])
            case UnaryOperator():
                return _UNARY[node.operator](1.0 * self._evaluate(node.operand, values))
            case BinaryOperator():
                return self._apply(_BINARY[node.operator], (node.left, node.right), values)
            case Call() if node.function in _REDUCTIONS and len(node.arguments) == 1:
                return _reduce(node.function, self._evaluate(node.arguments[0], values))
            case Call():
                return self._apply(_FUNCTIONS[node.function], node.arguments, values)
            case Matrix():
                indices = tuple(int(index.value) for index in node.indices)
                return self._element(self._evaluate(node.var, values), indices)
        raise AssertionError(f"{type(node).__name__} passed the parser")

    def _apply(
        self,
        function: np.ufunc,
        nodes: Iterable[AST],
        values: "Mapping[str, np.ndarray | ak.Array]",
    ) -> np.ndarray:
        # NumPy cannot subtract booleans; in ROOT they are 0 and 1.
        arguments = [1.0 * self._evaluate(node, values) for node in nodes]
        try:
            return function(*_aligned(arguments))
        except ValueError:
            raise RunsieveError(f"'{self.text}': its arrays differ in length") from None

    def _element(self, array: "np.ndarray | ak.Array", indices: tuple[int, ...]) -> np.ndarray:
        try:
            return np.asarray(array[(slice(None), *indices)], dtype=float)
        except (IndexError, ValueError):
            asked = "".join(f"[{index}]" for index in indices)
            raise RunsieveError(
                f"'{self.text}': element {asked} does not exist in every entry"
            ) from None


@cache
def parse(text: str) -> Expression:
    """Parse a ROOT expression, once per text. Raises RunsieveError that says where it fails."""
    try:
        tree = formulate.from_root(re.sub(r"(?<![\w.$])Entry\$(?!\w)", _ENTRY, text))
        _refuse_unsupported(tree)
    except (formulate.exceptions.ParseError, SyntaxError, ValueError) as error:
        raise RunsieveError(f"'{text}' is not a ROOT expression: {_reason(error)}") from None
    return Expression(text, tree)


def for_channel(text: str, channel: int) -> str:
    """Replace `{channel}` by the channel number; other braces are left as they are."""
    return text.replace("{channel}", str(channel))


def parse_for(text: str, channel: int) -> Expression:
    """Parse a ROOT expression after replacing `{channel}`."""
    return parse(for_channel(text, channel))


def _as_double(array: "np.ndarray | ak.Array") -> "np.ndarray | ak.Array":
    return array.astype(float) if isinstance(array, np.ndarray) else array * 1.0


def _aligned(arrays: "list[np.ndarray | ak.Array]") -> "list[np.ndarray | ak.Array]":
    """Broadcast one value per entry against several values per entry, as ROOT does."""
    deepest = max(array.ndim for array in arrays)
    return [
        array[(slice(None),) * array.ndim + (np.newaxis,) * (deepest - array.ndim)]
        if 0 < array.ndim < deepest
        else array
        for array in arrays
    ]


def _reduce(function: str, array: "np.ndarray | ak.Array") -> np.ndarray:
    """One value per entry; the minimum and maximum of an empty list are NaN."""
    import awkward as ak  # here, as the Snakefile parses cuts but evaluates none

    array = ak.Array(np.reshape(array, (-1, 1)) if array.ndim < 2 else array)
    while array.ndim > 2:
        array = ak.flatten(array, axis=2)
    reduced = getattr(ak, _REDUCTIONS[function])(array, axis=1)
    return np.asarray(ak.fill_none(reduced, np.nan), dtype=float)


def _name(symbol: Symbol) -> str:
    return ENTRY if symbol.name == _ENTRY else symbol.name


def _names(node: AST) -> set[str]:
    if isinstance(node, Symbol):
        return set() if node.name in _CONSTANTS else {_name(node)}
    return {name for child in node._children() for name in _names(child)}


def _refuse_unsupported(node: AST) -> None:
    if isinstance(node, Call):
        _refuse_call(node.function, len(node.arguments))
    if isinstance(node, BinaryOperator) and node.operator not in _BINARY:
        raise ValueError("it must be one expression, without ':'")
    if isinstance(node, Matrix) and not all(_is_index(index) for index in node.indices):
        raise ValueError("an index must be a whole number")
    for child in node._children():
        _refuse_unsupported(child)


def _refuse_call(function: str, arguments: int) -> None:
    counts = {1} if function in _REDUCTIONS else set()
    if function in _FUNCTIONS:
        counts.add(_FUNCTIONS[function].nin)
    if not counts:
        raise ValueError(f"the function {function} is not supported")
    if arguments not in counts:
        allowed = " or ".join(map(str, sorted(counts)))
        raise ValueError(
            f"the function {function} is given {arguments} arguments, expected {allowed}"
        )


def _is_index(node: AST) -> bool:
    return isinstance(node, Literal) and float(node.value).is_integer()


def _reason(error: Exception) -> str:
    """One line from formulate's error message: the suggestion, if any, or where parsing stopped."""
    lines = [line.strip() for line in str(error).splitlines()]
    suggestions = [line.removeprefix("- ") for line in lines if line.startswith("- ")]
    if suggestions:
        return suggestions[0]
    if isinstance(error, formulate.exceptions.ParseError):
        return f"cannot be read at character {error.lark_error.column}"
    return lines[0]
