"""Registries: folders in which each module adds one entry, under the module's name.

A new architecture, baseline, feature, detector model or report table is one new file in its folder.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from importlib import import_module
from operator import or_
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, TypeVar

from pydantic import Field

PACKAGE = Path(__file__).parent
Class = TypeVar("Class")


@dataclass(frozen=True)
class Registry(Mapping[str, ModuleType]):
    """The modules of a package by name, each imported on first access.

    package: dotted name below `runsieve`, such as `networks.architectures`
    part: the module within each entry, where entries are packages
    """

    package: str
    part: str = ""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of all entries, sorted; nothing is imported."""
        folder = PACKAGE.joinpath(*self.package.split("."))
        pattern = f"*/{self.part}.py" if self.part else "*.py"
        found = folder.glob(pattern)
        return tuple(
            sorted(path.parent.name if self.part else path.stem for path in found if _named(path))
        )

    def source(self, name: str) -> str:
        """The file of an entry, relative to scripts/, for fingerprints."""
        return f"{self._module(name).replace('.', '/')}.py"

    def __getitem__(self, name: str) -> ModuleType:
        if name not in self.names:
            raise KeyError(name)
        return import_module(self._module(name))

    def sources(self) -> list[str]:
        """The files of all entries, relative to scripts/."""
        return [self.source(name) for name in self.names]

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def _module(self, name: str) -> str:
        return ".".join(part for part in ("runsieve", self.package, name, self.part) if part)


@dataclass(frozen=True)
class TypeRegistry(Registry):
    """A registry in which each module defines the settings of one type, with its name as `type`.

    base: class that these settings are derived from
    """

    base: type = object

    def settings_classes(self) -> tuple[type, ...]:
        """Settings classes of all types."""
        return tuple(class_in(module, self.base) for module in self.values())

    def validated(self, settings: Mapping[str, Any]) -> Any:
        """Settings from plain values, with the class that their key `type` names."""
        return class_in(self[settings["type"]], self.base).model_validate(settings)


def class_in(module: ModuleType, base: type[Class]) -> type[Class]:
    """The one public subclass of `base` that a module defines."""
    found = [
        item
        for name, item in vars(module).items()
        if isinstance(item, type)
        and issubclass(item, base)
        and item.__module__ == module.__name__
        and not name.startswith("_")
    ]
    (only,) = [item for item in found if not any(item in other.__bases__ for other in found)]
    return only


def tagged_union(classes: Iterable[type]) -> object:
    """A pydantic type for settings of any of the classes, distinguished by their key `type`."""
    classes = tuple(classes)
    if len(classes) == 1:
        return classes[0]
    return Annotated[reduce(or_, classes), Field(discriminator="type")]


def _named(path: Path) -> bool:
    return not path.name.startswith("_")
