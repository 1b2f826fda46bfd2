"""Error messages for configuration files, as sentences."""

import difflib
import reprlib
import types
import typing

from pydantic import BaseModel, ValidationError

from runsieve.config.base import EVENT, NAME, TITLE, Settings

A_NAME = "a name consists of letters, digits and _ and starts with a letter"
PATTERNS = {
    TITLE: "one line of text",
    f"^{NAME.pattern}$": "a name of letters, digits and _ that starts with a letter",
    EVENT: "RUN/EVENT",
}
# What is expected, by the type of a mistake in Pydantic, whose own messages are for programmers.
EXPECTED = {
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "a whole number"),
    **dict.fromkeys(("float_type", "float_parsing"), "a number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), "keys and values"),
    "finite_number": "a finite number",
    "string_type": "text",
    "list_type": "a list",
    "greater_than": "a number greater than {gt}",
    "greater_than_equal": "a number of at least {ge}",
    "less_than": "a number less than {lt}",
    "less_than_equal": "a number of at most {le}",
    "literal_error": "{expected}",
    "too_short": "at least {min_length} of them",
    "too_long": "at most {max_length} of them",
    "string_too_long": "at most {max_length} characters",
}


def sentences(
    error: ValidationError, model: type[Settings], file: str, prefix: tuple[str, ...] = ()
) -> list[str]:
    """One sentence per error: file, dotted key, what is wrong, and a hint where there is one.

    `prefix` are the keys above the part of the file that `model` describes.
    """
    told = [_sentence(item, model, file, prefix) for item in _told(error.errors(), model)]
    # A value that fits none of several types is one mistake.
    expected: dict[tuple[str, str], list[str]] = {}
    for start, what, found in told:
        expected.setdefault((start, found), []).append(what)
    return [
        f"{start}{' or '.join(dict.fromkeys(whats))}{found}"
        for (start, found), whats in expected.items()
    ]


def hint(name: str, known: typing.Iterable[str]) -> str:
    """` (did you mean 'x'?)`; else the known names; an empty string if there are none."""
    known = sorted(known)
    near = nearest(name, known)
    if near is not None:
        return f" (did you mean '{near}'?)"
    return f" (known: {', '.join(known)})" if known else ""


def nearest(name: str, known: typing.Iterable[str]) -> str | None:
    """The known name that was probably meant; None if none is close."""
    return next(iter(difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)), None)


def _told(items: list[dict], model: type[Settings]) -> list[dict]:
    """All errors except those about members of a union other than the intended one."""
    places = [walk(model, item["loc"])[0] for item in items]
    # The last part of a location adds no key where it names a member of a union.
    other_kind = [
        _of_other_type(item) and walk(model, item["loc"][:-1])[0] == place
        for item, place in zip(items, places, strict=True)
    ]
    own = [place for place, other in zip(places, other_kind, strict=True) if not other]
    return [
        item
        for item, place, other in zip(items, places, other_kind, strict=True)
        if not (other and any(found[: len(place)] == place for found in own))
    ]


def _of_other_type(item: dict) -> bool:
    """True if the value has another type: text where a mapping is needed, or the reverse."""
    if item["type"] == "literal_error":
        return isinstance(item["input"], (dict, list))
    return item["type"].endswith(("_type", "_parsing"))


def _sentence(
    item: dict, model: type[Settings], file: str, prefix: tuple[str, ...]
) -> tuple[str, str, str]:
    """The place, what is expected there, and what was found."""
    keys, fields = walk(model, item["loc"])
    place = ": ".join(part for part in (file, ".".join((*prefix, *keys))) if part)
    kind = item["type"]
    context = {name: _short(value) for name, value in item.get("ctx", {}).items()}
    found = f", found {reprlib.repr(item['input'])}"
    if item["loc"][-1:] == ("[key]",):
        place = place.removesuffix(".[key]")
        if kind == "literal_error":
            return f"{place}: unknown key, expected one of ", context["expected"], ""
        return f"{place}: ", A_NAME, ""
    if kind == "extra_forbidden":
        return f"{place}: ", f"unknown key{hint(keys[-1], fields)}", ""
    if kind == "missing":
        return f"{place}: ", "missing; it is required", ""
    if kind == "union_tag_invalid":
        found = f", found {context['tag']!r}"
        return f"{place}.type: expected one of ", context["expected_tags"], found
    if kind == "union_tag_not_found":
        return f"{place}: ", "key 'type' is missing; it says what kind of model this is", ""
    if kind == "value_error":
        return f"{place}: ", str(context["error"]), ""
    if kind == "string_pattern_mismatch" and context["pattern"] in PATTERNS:
        return f"{place}: expected ", PATTERNS[context["pattern"]], found
    if kind in EXPECTED:
        return f"{place}: expected ", EXPECTED[kind].format(**context), found
    return f"{place}: ", item["msg"][0].lower() + item["msg"][1:], found


def _short(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def walk(model: type[Settings], loc: tuple) -> tuple[list[str], list[str]]:
    """The keys as written in the file (without tags of unions), and the fields known at the end."""
    keys: list[str] = []
    here: object = model
    fields: list[str] = []
    for part in loc:
        options = _options(here)
        chosen = [option for option in options if _names_member(option, part)]
        if len(options) > 1 and chosen:
            here = chosen[0]
            continue
        settings = [option for option in options if _is_settings(option)]
        keys.append(str(part))
        if settings:
            fields = list(settings[0].model_fields)
            field = settings[0].model_fields.get(part)
            here = field.annotation if field else None
        else:
            arguments = [a for option in options for a in typing.get_args(option)]
            here = arguments[-1] if arguments else None
    return keys, fields


def _options(annotation: object) -> list:
    """The members of a union, or the annotation itself."""
    if typing.get_origin(annotation) is typing.Annotated:
        return _options(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return [o for a in typing.get_args(annotation) for o in _options(a)]
    return [annotation]


def _is_settings(option: object) -> bool:
    return isinstance(option, type) and issubclass(option, BaseModel)


def _names_member(option: object, part: str | int) -> bool:
    """True if this part of a location names a member of a union, by its tag or by its type."""
    if _is_settings(option):
        field = option.model_fields.get("type")
        # Pydantic writes a validator of the class around its name: function-after[_one(), Range].
        bare = str(part).removesuffix("]").rpartition("(), ")[2]
        return bare in (option.__name__, *(typing.get_args(field.annotation)[:1] if field else ()))
    # Pydantic writes list[constrained-int] where Python has list[Annotated[int, ...]], and literal.
    name = getattr(typing.get_origin(option) or option, "__name__", "")
    name = "literal" if typing.get_origin(option) is typing.Literal else name
    return str(part).removeprefix("constrained-").split("[")[0] == name
