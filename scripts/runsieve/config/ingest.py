"""Settings of ingesting pictures: folders of PNG and JPEG files, or arrays in .npz files."""

from pydantic import Field, model_validator

from runsieve.config.base import Name, Number, Settings


class Arrays(Settings):
    """Names of arrays in an .npz file."""

    images: str = Field(description="pictures, uint8, shape (n, height, width) or with 3 colours")
    labels: str = Field(description="number of the class of each picture, shape (n,)")


class Ingest(Settings):
    """How pictures are ingested, where the run sheet names a folder or an .npz file."""

    shape: list[Number] = Field(
        description="[height, width] for grey pictures, [height, width, 3] for colours; others are "
        "converted and resized"
    )
    labels: list[str] = Field(
        default_factory=list,
        description="folders, one per class, in the order of the numbers in the branch label",
    )
    arrays: dict[Name, Arrays] = Field(
        default_factory=dict, description="kind of run: arrays of its .npz file"
    )

    @model_validator(mode="after")
    def _picture(self) -> "Ingest":
        if len(self.shape) not in (2, 3) or self.shape[2:] not in ([], [3]):
            raise ValueError(f"shape: [height, width] or [height, width, 3], found {self.shape}")
        if len(set(self.labels)) < len(self.labels):
            raise ValueError("labels: a folder is listed twice")
        return self
