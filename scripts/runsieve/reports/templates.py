"""Templates of this room: one environment for all that are rendered."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

FOLDER = Path(__file__).parent


def environment(folder: str = "", html: bool = True) -> Environment:
    """Templates in a folder below this one; a name that is not given to a template is an error.

    html: what is filled in is escaped
    """
    return Environment(
        loader=FileSystemLoader(FOLDER / folder),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
