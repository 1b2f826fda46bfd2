"""Settings of columns that a user-supplied Python file computes."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Discriminator, Field, FiniteFloat, Tag

from runsieve.config.base import Name, Settings
from runsieve.config.messages import hint

if TYPE_CHECKING:
    from runsieve.config.inputs import Input


class ComputedColumn(Settings):
    """A column computed by a function of arrays: one value per event and channel.

    The function is called with one array per input, raw values of shape (events, *shape) in the
    order of `inputs`, and returns an array of shape (events,).
    """

    file: str = Field(description="Python file, relative to the folder in which Snakemake starts")
    inputs: list[Name] = Field(min_length=1, description="inputs that the function is given")
    function: Name | None = Field(None, description="its name (default: that of the column)")
    missing: FiniteFloat = Field(
        -999.0, description="value where nothing is recorded, as in a channel that was not hit"
    )

    def problems(self, column: str, inputs: "Mapping[str, Input]") -> Iterator[str]:
        """Problems with the file or the inputs, as sentences to follow the key of the column."""
        for name in self.inputs:
            if name not in inputs:
                yield f"inputs: there is no input '{name}'{hint(name, inputs)}"
            elif inputs[name].columns:
                yield f"inputs: input '{name}' is made of columns; branches are needed"
            elif inputs[name].only_simulated:
                yield f"inputs: input '{name}' exists only for simulated runs"
        for problem in missing_function(self.file, self.function or column):
            yield f"file: {problem}"


def computed_branch(column: str) -> str:
    """The branch of a computed column in the friend tree, with `{channel}` left to be replaced."""
    return f"{column}_{{channel}}"


def missing_function(file: str, function: str) -> Iterator[str]:
    """Yield a problem if a file is missing, cannot be parsed or lacks a function; it is not run."""
    path = Path(file)
    if not path.is_file():
        yield f"{file} does not exist"
        return
    try:
        tree = ast.parse(path.read_bytes(), file)
    except (SyntaxError, ValueError) as error:
        yield f"{file} is not valid Python: {error}"
        return
    present = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    if function not in present:
        yield f"{file} defines no function '{function}'{hint(function, present)}"


def _kind(value: object) -> str:
    return "str" if isinstance(value, str) else "ComputedColumn"


Column = Annotated[
    Annotated[str, Tag("str")] | Annotated[ComputedColumn, Tag("ComputedColumn")],
    Discriminator(_kind),
]
