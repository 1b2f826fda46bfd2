"""The configuration as documents: JSON schema for editors, tables of keys for the manual."""

import types
import typing

from pydantic.fields import FieldInfo

from runsieve.config.analysis import Analysis, Main
from runsieve.config.base import Settings
from runsieve.config.places import MAIN
from runsieve.config.run_sheet import Run


def schema(analysis: type[Analysis]) -> dict:
    """JSON schema of an analysis file, from which editors complete keys."""
    made = analysis.model_json_schema()
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return made


def tables(analysis: type[Analysis]) -> str:
    """Markdown: one section per settings class, with a table of its keys."""
    headings = {
        Main: MAIN,
        analysis: "config/analyses/NAME.yaml",
        Run: "config/runs/NAME.tsv",
    }
    sections, waiting, done = [], list(headings), set()
    while waiting:
        model = waiting.pop(0)
        if model in done:
            continue
        done.add(model)
        sections.append(_section(model, headings.get(model)))
        waiting = [*_children(model), *waiting]
    return "\n".join(sections)


def _section(model: type[Settings], title: str | None) -> str:
    heading = f"### `{title}`" if title else f"#### {model.__name__}"
    rows = [
        f"| `{name}` | {_type(field.annotation)} | {_default(field)} | {field.description or ''} |"
        for name, field in model.model_fields.items()
    ]
    summary = (model.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")
    head = ["| key | type | default | meaning |", "| --- | --- | --- | --- |"]
    return "\n".join([heading, "", summary, "", *head, *rows, ""])


def _children(model: type[Settings]) -> list[type[Settings]]:
    return [found for field in model.model_fields.values() for found in _settings(field.annotation)]


def _settings(annotation: object) -> list[type[Settings]]:
    if isinstance(annotation, type) and issubclass(annotation, Settings):
        return [annotation]
    return [found for part in typing.get_args(annotation) for found in _settings(part)]


def _type(annotation: object) -> str:
    """A type in plain words."""
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _type(parts[0])
    if origin is typing.Literal:
        return " or ".join(f"`{part}`" for part in parts)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(dict.fromkeys(_type(p) for p in parts if p is not type(None)))
    if origin is dict:
        return f"name: {_type(parts[1])}"
    if origin is list:
        return f"list of {_type(parts[0])}"
    if origin is tuple:
        return f"{len(parts)} values, each {_type(parts[0])}"
    if isinstance(annotation, type) and issubclass(annotation, Settings):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return {str: "text", int: "integer", float: "number", bool: "true or false"}.get(
        annotation, "anything"
    )


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    default = field.get_default(call_default_factory=True)
    if default is None or default == "" or default == {} or default == []:
        return ""
    return "" if isinstance(default, Settings) else f"`{default}`"
