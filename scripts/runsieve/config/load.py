"""Reading the configuration: files, demo values, and all errors at once."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from runsieve.config.analysis import Analysis, Main, Simulation
from runsieve.config.base import NAME
from runsieve.config.catalogue import Catalogue
from runsieve.config.checks import check
from runsieve.config.good_runs import read_good_runs
from runsieve.config.mending import Mended, Place, lacks, read_settings
from runsieve.config.messages import A_NAME, hint
from runsieve.config.pictures import with_label_cuts
from runsieve.config.places import MAIN, Places
from runsieve.config.remainder import remainder
from runsieve.config.run_sheet import Run, read_run_sheet
from runsieve.config.scores import ScoredRuns, Scores, scored_runs
from runsieve.errors import RunsieveError


@dataclass(frozen=True)
class Loaded:
    """An analysis with its run sheet.

    left_out: places in the file without which the settings were read, because they are mistaken
    lost: number and kind of runs on wrong lines of the run sheet, None where they are not known
    not_good: runs of the run sheet that the good-run list does not name
    scored: what is scored with trained models
    places: where its files are
    """

    name: str
    settings: Analysis
    runs: list[Run]
    left_out: frozenset[Place] = frozenset()
    lost: tuple[tuple[int | None, str | None], ...] = ()
    not_good: tuple[int, ...] = ()
    scored: ScoredRuns = field(default_factory=ScoredRuns)
    places: Places = field(default_factory=Places)

    def lacks(self, *keys: str) -> bool:
        """True if something at these keys, above or below them, was left out."""
        return lacks(self.left_out, *keys)


def load(config: dict[str, Any], catalogue: Catalogue) -> dict[str, Loaded]:
    """Read and check the analyses that the main configuration asks for.

    Returns them by name. Paths are relative to the working directory; `catalogue` lists models and
    detector models. Raises RunsieveError with every error found, one sentence per line.
    """
    loaded, errors = read(config, catalogue)
    if errors:
        raise RunsieveError("\n".join(errors))
    return loaded


def read(
    config: dict[str, Any], catalogue: Catalogue, main: str = MAIN
) -> tuple[dict[str, Loaded], list[str]]:
    """As `load`, but return the errors, and what can be read of analyses that have some.

    What is left of them is meant for further checks (see `runsieve.config.remainder`). `main` is
    what sentences call the main configuration.
    """
    given = read_settings(Main, config, main)
    loaded, errors = {}, given.errors
    if given.settings is not None and "analyses" not in given.left_out:
        places = Places(Path(given.settings.folder))
        names, wrong = _names(given.settings.analyses, places, main)
        errors += wrong
        for name in names:
            found, wrong = _read_analysis(name, given.settings.scale, catalogue, places)
            errors += wrong
            if found is not None:
                scored, wrong = _scored(found, given.settings.scores, main)
                errors += wrong
                loaded[name] = replace(found, scored=scored)
    return loaded, errors


def _scored(loaded: Loaded, given: Scores | None, main: str) -> tuple[ScoredRuns, list[str]]:
    """What of an analysis is scored; settings that the main configuration gives come first."""
    settings, own = loaded.settings, loaded.settings.scores
    return scored_runs(
        own if given is None else given.over(own),
        loaded.runs,
        {run.kind for run in loaded.runs},
        settings.models_to_score(),
        str(loaded.places.analysis(loaded.name)) if given is None else main,
    )


def read_main(config: dict[str, Any]) -> Main:
    """The main configuration without its mistakes, which `load` and `read` tell."""
    return read_settings(Main, config, MAIN).settings or Main()


def load_analysis(name: str, scale: str, catalogue: Catalogue) -> Loaded:
    """Read `config/analyses/NAME.yaml` at scale demo or full, with its run sheet.

    Both scales are checked, so that a mistake in a value that `demo` replaces is found as well.
    """
    loaded, errors = _read_analysis(name, scale, catalogue, Places())
    if errors:
        raise RunsieveError("\n".join(errors))
    return loaded


def _read_analysis(
    name: str, scale: str, catalogue: Catalogue, places: Places
) -> tuple[Loaded | None, list[str]]:
    try:
        content = _content(name, places)
    except RunsieveError as error:
        return None, [str(error)]
    demo = content.get("demo")
    at = {"full": content}
    if isinstance(demo, dict) and demo:
        at["demo"] = merge(content, demo)
    loaded, errors = {}, {}
    for one, values in at.items():
        loaded[one], errors[one] = _load_at(name, values, catalogue, places)
    return loaded[scale if scale in loaded else "full"], _of_scales(errors)


def _load_at(
    name: str, content: dict[str, Any], catalogue: Catalogue, places: Places
) -> tuple[Loaded | None, list[str]]:
    """An analysis at one scale, and all errors that were found in it."""
    path = str(places.analysis(name))
    found = read_settings(catalogue.analysis, content, path)
    errors, settings = found.errors, found.settings
    named = content.get("runs")
    place = named if isinstance(named, str) else str(places.sheet(name))
    sheet = read_run_sheet(place)
    runs = list(sheet.runs.values())
    errors += sheet.errors
    if settings is not None:
        if settings.simulate is not None:
            simulation = _complete(settings.simulate, path, catalogue)
            errors += simulation.errors
            settings = settings.model_copy(update={"simulate": simulation.settings})
        crossed = check(settings, runs, place)
        if sheet.errors:
            crossed = [text for text in crossed if place not in text and "kind of run" not in text]
        errors += [f"{path}: {text}" for text in found.independent(crossed)]
    left_out = frozenset()
    if errors:
        rest = remainder(content, runs, place)
        if rest is None:
            return None, errors
        settings, left_out = rest
    if not all(run.simulated for run in runs):
        settings = without_truth(settings)
    settings = with_label_cuts(settings)
    runs, not_good, wrong = _good_runs(settings, runs, path)
    lost = tuple(sheet.lost)
    loaded = Loaded(name, settings, runs, left_out, lost, not_good, places=places)
    return loaded, [*errors, *wrong]


def _good_runs(
    settings: Analysis, runs: list[Run], path: str
) -> tuple[list[Run], tuple[int, ...], list[str]]:
    """Runs that are good, the numbers of the others, and mistakes in the good-run list."""
    if settings.good_runs is None:
        return runs, (), []
    good, errors = read_good_runs(settings.good_runs)
    if errors:
        return runs, (), errors
    kept = [run for run in runs if run.run in good]
    for name, one in settings.classes.items():
        if any(one.takes(run.run, run.kind) for run in runs) and not any(
            one.takes(run.run, run.kind) for run in kept
        ):
            errors.append(f"{path}: good_runs: {settings.good_runs} names no run of class '{name}'")
    return kept, tuple(run.run for run in runs if run.run not in good), errors


def _of_scales(errors: dict[str, list[str]]) -> list[str]:
    """The errors of all scales; one that not all of them have says of which scale it is."""
    told = {}
    for scale, listed in errors.items():
        for text in listed:
            told.setdefault(text, []).append(scale)
    return [
        text if len(scales) == len(errors) else f"{text} (at {scales[0]} scale)"
        for text, scales in told.items()
    ]


def merge(base: Any, change: Any) -> Any:
    """Merge `change` into `base` as in RFC 7386: key by key; null removes, other values replace."""
    if not isinstance(change, dict):
        return change
    merged = dict(base) if isinstance(base, dict) else {}
    for key, value in change.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), value)
    return merged


def _without_removed(values: Any, change: Any) -> Any:
    """The values without the keys that `change` removes by null."""
    if not (isinstance(values, dict) and isinstance(change, dict)):
        return values
    return {
        key: _without_removed(value, change.get(key))
        for key, value in values.items()
        if not (key in change and change[key] is None)
    }


def without_truth(analysis: Analysis) -> Analysis:
    """The analysis without inputs that only simulated runs have, and models that need them."""
    inputs = {name: item for name, item in analysis.inputs.items() if not item.only_simulated}
    models = {
        name: model
        for name, model in analysis.models.items()
        if set(model.inputs_seen()) <= set(inputs)
    }
    samples = {
        name: sample.model_copy(
            update={"models": sample.models and [m for m in sample.models if m in models]}
        )
        for name, sample in analysis.samples.items()
    }
    searches = {name: one for name, one in analysis.searches.items() if one.model in models}
    update = {
        "inputs": inputs,
        "models": models,
        "searches": searches,
        "samples": samples,
        "baseline": analysis.baseline if analysis.baseline in models else None,
        "oracle": analysis.oracle if analysis.oracle in models else None,
        "truth": analysis.truth if analysis.truth and analysis.truth.input in inputs else None,
    }
    return analysis.model_copy(update=update)


def _complete(simulation: Simulation, file: str, catalogue: Catalogue) -> Mended:
    """The settings with all parameters of the detector model, checked and completed by defaults."""
    if simulation.model not in catalogue.detectors:
        found = hint(simulation.model, catalogue.detectors)
        text = f"{file}: simulate.model: there is no detector model '{simulation.model}'{found}"
        return Mended(simulation, [text])
    read = read_settings(
        catalogue.parameters(simulation.model),
        simulation.parameters,
        file,
        ("simulate", "parameters"),
    )
    if read.settings is None:
        return Mended(simulation, read.errors)
    parameters = read.settings.model_dump(mode="json")
    return Mended(simulation.model_copy(update={"parameters": parameters}), read.errors)


def _content(name: str, places: Places) -> dict[str, Any]:
    """The content of an analysis file, merged over the files that it extends."""
    path = places.analysis(name)
    content = _read_yaml(path)
    seen = [path]
    while isinstance(content.get("extends"), str):
        name, present = content["extends"], places.analyses()
        base = places.analysis(name)
        if base in seen or name not in present:
            problem = f"there is no analysis '{name}'{hint(name, present)}"
            if base in seen:
                problem = f"'{name}' extends itself"
            raise RunsieveError(f"{path}: extends: {problem}")
        seen.append(base)
        below = _read_yaml(base)
        # Not inherited: each file decides whether `all` includes it.
        below.pop("include_in_all", None)
        # Values at demo scale of what this file removes would bring back a part of it.
        if "demo" in below:
            below["demo"] = _without_removed(below["demo"], content)
        content = merge(below, {**content, "extends": below.get("extends")})
    return _with_further_models(content, path)


def _with_further_models(content: dict[str, Any], path: Path) -> dict[str, Any]:
    """The content of an analysis file with the models of other files that it names.

    Values of the analysis file come first. Raises RunsieveError for a file that cannot be used.
    """
    named, found = content.get("models_from"), {}
    for file in named if isinstance(named, list) else []:
        if not Path(str(file)).is_file():
            raise RunsieveError(f"{path}: models_from: there is no file '{file}'")
        given = _read_yaml(Path(file))
        if set(given) != {"models"} or not isinstance(given["models"], dict):
            raise RunsieveError(
                f"{path}: models_from: {file}: one key 'models' expected, found {', '.join(given)}"
            )
        for name in given["models"].keys() & found:
            raise RunsieveError(f"{path}: models_from: {file}: '{name}' is in another file, too")
        found |= given["models"]
    models = content.get("models", {})
    if not found or not isinstance(models, dict):
        return content
    return {**content, "models": merge(found, models)}


def _names(analyses: list[str], places: Places, main: str) -> tuple[list[str], list[str]]:
    """The names of the analyses that can be read, and what is wrong with the others."""
    present = places.analyses()
    names = list(dict.fromkeys(analyses))
    if names == ["all"]:
        names = [name for name in present if _included_in_all(places.analysis(name))]
    errors = [
        f"{main}: analyses: {places.analysis(name)} does not exist{hint(name, present)}"
        for name in names
        if name not in present
    ]
    errors += [
        f"{places.analysis(name)}: {A_NAME}"
        for name in names
        if name in present and not NAME.fullmatch(name)
    ]
    if not names:
        errors.append(f"{main}: analyses: the list is empty{hint('', present)}")
    return [name for name in names if name in present and NAME.fullmatch(name)], errors


def _included_in_all(path: Path) -> bool:
    try:
        return _read_yaml(path).get("include_in_all", True) is not False
    except RunsieveError:
        # Errors of the file are reported where it is read.
        return True


class _UniqueKeys(yaml.SafeLoader):
    """Rejects a key that is given twice; PyYAML would silently keep the last."""

    def compose_mapping_node(self, anchor: str | None) -> yaml.MappingNode:
        # Here and not where it is constructed: merged keys (<<) may be given again on purpose.
        node = super().compose_mapping_node(anchor)
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.composer.ComposerError(
                    problem=f"the key '{key.value}' is given twice", problem_mark=key.start_mark
                )
            seen.add(key.value)
        return node


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        with path.open(encoding="utf-8") as file:
            content = yaml.load(file, _UniqueKeys)
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise RunsieveError(f"{path}: not valid YAML: {reason}") from None
    if not isinstance(content, dict):
        raise RunsieveError(f"{path}: expected keys and values, found {type(content).__name__}")
    return content
