"""What the settings of all models have in common."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from runsieve.config.base import Number, Settings

if TYPE_CHECKING:
    from runsieve.config.inputs import Input


class ModelSettings(Settings):
    """Base of the settings of every model; a subclass narrows `type` to the name of its module."""

    # False for models that do not depend on a seed: they are fitted once, with the first seed.
    seeded: ClassVar[bool] = True
    # True for models of the truth, whose fit holds for its own sample only: a cross test uses the
    # fit to the sample that is tested on.
    bound_to_sample: ClassVar[bool] = False
    # Key of the configuration that names the inputs, for error messages.
    input_key: ClassVar[str] = "inputs"

    type: str
    seeds: Number | None = Field(
        None, description="number of seeds, the first of the analysis (default: all)"
    )
    calibration: Literal["none", "temperature", "isotonic"] = Field(
        "none", description="of the probabilities, fitted on validation events"
    )

    def inputs_seen(self) -> list[str]:
        """Names of the inputs that the model sees; none if columns of the sample are enough."""
        return []

    def columns_seen(self) -> dict[str, list[str]]:
        """Columns of the sample that the model sees, by the configuration key that names them."""
        return {}

    def modules(self) -> list[str]:
        """Files of further modules that the model uses, relative to scripts/."""
        return []

    def user_files(self) -> list[str]:
        """User-supplied Python files that the model runs."""
        return []

    def problems(self, inputs: "Mapping[str, Input]") -> Iterator[tuple[str, str]]:
        """Yield the key below the model, and the problem, of each input that does not suit it."""
        yield from ()
