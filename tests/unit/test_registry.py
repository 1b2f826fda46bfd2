"""Registries find modules by name, import them when asked, and make types of their settings."""

import subprocess
import sys
from types import ModuleType
from typing import Literal

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from runsieve import registry
from runsieve.code import SCRIPTS
from runsieve.registry import Registry, class_in, tagged_union

PETS = {
    "__init__": "",
    "cat": "SOUND = 'miau'\n",
    "dog": "SOUND = 'wuff'\n",
    "_hidden": "SOUND = 'psst'\n",
    "broken": "raise RuntimeError('imported')\n",
    "notes.txt": "no module",
}
HOUSES = {
    "den/__init__": "",
    "den/door": "OPEN = True\n",
    "shed/__init__": "",
    "shed/door": "OPEN = False\n",
    "ruin/__init__": "",
    "ruin/wall": "",
}


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package `runsieve` of its own, whose folders a registry looks into."""
    for folder, files in {"pets": PETS, "houses": HOUSES}.items():
        for name, text in files.items():
            path = tmp_path / "runsieve" / folder / (name if "." in name else f"{name}.py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    (tmp_path / "runsieve/__init__.py").write_text("")
    monkeypatch.setattr(registry, "PACKAGE", tmp_path / "runsieve")
    for name in [name for name in sys.modules if name.split(".")[0] == "runsieve"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in [name for name in sys.modules if name.split(".")[0] == "runsieve"]:
        del sys.modules[name]


def test_names_are_those_of_public_modules(package):
    pets = Registry("pets")
    assert pets.names == ("broken", "cat", "dog")
    assert list(pets) == ["broken", "cat", "dog"]
    assert len(pets) == 3


def test_names_are_known_without_an_import(package):
    """A module that cannot be imported is listed all the same."""
    pets = Registry("pets")
    assert "broken" in pets
    assert not [name for name in sys.modules if name.startswith("runsieve.pets")]
    with pytest.raises(RuntimeError, match="imported"):
        pets["broken"]


def test_a_module_is_imported_when_it_is_asked_for(package):
    pets = Registry("pets")
    assert pets["cat"].SOUND == "miau"
    assert "runsieve.pets.cat" in sys.modules
    assert "runsieve.pets.dog" not in sys.modules


def test_entries_may_be_packages_with_a_module_of_one_name(package):
    doors = Registry("houses", part="door")
    assert doors.names == ("den", "shed")
    assert [module.OPEN for module in doors.values()] == [True, False]


def test_sources_are_files_below_the_scripts(package):
    pets, doors = Registry("pets"), Registry("houses", part="door")
    assert pets.source("cat") == "runsieve/pets/cat.py"
    assert doors.sources() == ["runsieve/houses/den/door.py", "runsieve/houses/shed/door.py"]
    assert all((package / file).is_file() for file in [*pets.sources(), *doors.sources()])


@pytest.mark.parametrize("name", ["cow", "_hidden", "__init__", "notes"])
def test_an_unknown_name_is_no_key(package, name):
    pets = Registry("pets")
    assert name not in pets
    assert pets.get(name) is None
    with pytest.raises(KeyError, match=name):
        pets[name]


def test_the_registries_of_the_package_import_nothing_heavy_for_their_names():
    code = (
        "import sys; from runsieve.models import FAMILIES; "
        "print(*[name for family in FAMILIES for name in family.types]); "
        "print(*{'keras', 'tensorflow', 'sklearn'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(SCRIPTS)},
        capture_output=True,
        text=True,
        check=True,
    )
    names, heavy = done.stdout.splitlines()
    known = {"keras", "network", "residual", "binned", "gradient_boosting", "likelihood_ratio"}
    assert known <= set(names.split())
    assert heavy == ""


class Animal(BaseModel):
    name: str = ""


def module_with(**content):
    """A module that defines the classes, as if they were written there."""
    made = ModuleType("made")
    for name, item in content.items():
        if isinstance(item, type) and item.__module__ == __name__ and item is not Animal:
            item.__module__ = "made"
        setattr(made, name, item)
    return made


def kind(base: type = Animal) -> type:
    class Kind(base):
        pass

    return Kind


def test_the_class_of_a_module_is_the_subclass_that_it_defines():
    cat = kind()
    assert class_in(module_with(Animal=Animal, Cat=cat, size=3, make=kind), Animal) is cat


def test_classes_that_a_module_imports_do_not_count():
    cat = kind()
    borrowed = kind()
    borrowed.__module__ = "elsewhere"
    assert class_in(module_with(Cat=cat, Dog=borrowed, _Base=kind()), Animal) is cat


def test_of_a_class_and_its_subclass_the_subclass_counts():
    cat = kind()
    lion = kind(cat)
    assert class_in(module_with(Cat=cat, Lion=lion), Animal) is lion


@pytest.mark.parametrize("count", [0, 2])
def test_a_module_must_define_one_class(count):
    content = {f"Kind{number}": kind() for number in range(count)}
    with pytest.raises(ValueError, match="values to unpack"):
        class_in(module_with(**content), Animal)


class Cat(BaseModel):
    type: Literal["cat"]
    lives: int = 9


class Dog(BaseModel):
    type: Literal["dog"]
    leash: bool = True


def test_a_union_of_one_class_is_that_class():
    assert tagged_union([Cat]) is Cat
    assert TypeAdapter(tagged_union(iter([Cat]))).validate_python({"type": "cat"}) == Cat(
        type="cat"
    )


def test_a_union_of_several_chooses_by_the_key_type():
    either = TypeAdapter(tagged_union(one for one in (Cat, Dog)))
    assert either.validate_python({"type": "cat", "lives": 3}) == Cat(type="cat", lives=3)
    assert either.validate_python({"type": "dog"}) == Dog(type="dog")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"type": "cow"}, "'cat', 'dog'"),
        ({}, "Unable to extract tag"),
        ({"type": "dog", "leash": "blue"}, "dog.leash"),
    ],
)
def test_what_fits_no_class_of_a_union_is_refused(content, words):
    with pytest.raises(ValidationError, match=words):
        TypeAdapter(tagged_union([Cat, Dog])).validate_python(content)
