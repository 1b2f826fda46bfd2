"""Settings of ingesting pictures: folders of picture files, or arrays in .npz files."""

from typing import Literal

from pydantic import Field, model_validator

from runsieve.config.base import FolderName, Name, Number, Settings

PixelType = Literal["uint8", "uint16"]
Resize = Literal["pad", "crop", "stretch"]


class Arrays(Settings):
    """Names of arrays in an .npz file."""

    images: str = Field(
        description="pictures, of the type, shape (n, height, width) or with 3 colours"
    )
    labels: str = Field(description="number of the class of each picture, shape (n,)")


class Ingest(Settings):
    """How pictures are ingested, where the run sheet names a folder or an .npz file."""

    shape: list[Number] = Field(
        description="[height, width] for grey pictures, [height, width, 3] for colours; others are "
        "converted and resized"
    )
    type: PixelType = Field(
        "uint8",
        description="bits per value of the pictures, which keep their values; uint16 for grey "
        "pictures of 16 bits",
    )
    resize: Resize = Field(
        "pad",
        description="pictures of another aspect ratio: pad keeps all of it between margins of the "
        "median of its border, crop keeps as much of its middle as fits, stretch distorts it",
    )
    labels: list[FolderName] = Field(
        default_factory=list,
        description="folders of any name, one per class, in the order of the numbers in the branch "
        "label; classes name theirs with label",
    )
    arrays: dict[Name, Arrays] = Field(
        default_factory=dict, description="kind of run: arrays of its .npz file"
    )

    @model_validator(mode="after")
    def _picture(self) -> "Ingest":
        if len(self.shape) not in (2, 3) or self.shape[2:] not in ([], [3]):
            raise ValueError(f"shape: [height, width] or [height, width, 3], found {self.shape}")
        if self.type == "uint16" and len(self.shape) == 3:
            raise ValueError("type: uint16 is for grey pictures, shape [height, width]")
        if len(set(self.labels)) < len(self.labels):
            raise ValueError("labels: a folder is listed twice")
        return self
