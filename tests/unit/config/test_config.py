"""Reading and checking the configuration: all mistakes at once, each as a sentence."""

import copy
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpers.places import ANALYSES, ROOT
from runsieve.config.load import Loaded, load, load_analysis
from runsieve.errors import RunsieveError
from runsieve.models import catalogue
from runsieve.plan.plan import Plan

CATALOGUE = catalogue()
COSINE = yaml.safe_load((ANALYSES / "cosine.yaml").read_text())


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working directory with a copy of config/."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(analysis: dict[str, Any], dotted: str, value: Any) -> None:
    keys = dotted.split(".")
    for key in keys[:-1]:
        analysis = analysis[int(key) if isinstance(analysis, list) else key]
    if value is ...:
        del analysis[keys[-1]]
    else:
        analysis[keys[-1]] = value


def sentences(folder: Path, changes: dict[str, Any], scale: str = "full") -> list[str]:
    """What is said of cosine with some keys changed (... deletes a key)."""
    analysis = copy.deepcopy(COSINE)
    for dotted, value in changes.items():
        put(analysis, dotted, value)
    text = yaml.safe_dump(analysis, sort_keys=False)
    (folder / "config/analyses/cosine.yaml").write_text(text)
    with pytest.raises(RunsieveError) as error:
        load({"analyses": ["cosine"], "scale": scale}, CATALOGUE)
    return str(error.value).splitlines()


@pytest.mark.parametrize(
    ("dotted", "value", "said"),
    [
        ("titel", "x", "titel: unknown key (did you mean 'title'?)"),
        ("title", ..., "title: missing; it is required"),
        ("channels", [], "channels: expected at least 1 of them, found []"),
        ("channels", ["one"], "channels.0: expected a whole number"),
        ("columns.event", ..., "columns.event: missing"),
        ("columns.event", "1 + 2", "columns.event: names no branch, found '1 + 2'"),
        ("columns.event", "event +", "columns.event: 'event +' is not a ROOT expression"),
        ("columns.event", "n[{channel}]", "columns.event: must be the same in all channels, found"),
        ("selection.precut.energy", "Entry$ > 9", "energy: there is no column 'Entry$'"),
        (
            "columns.energy",
            "crystal{channel}_energy /",
            "columns.energy: 'crystal1_energy /' is not",
        ),
        ("keep", ["energi"], "keep: there is no column 'energi' (did you mean 'energy'?)"),
        (
            "inputs.waveform.segments",
            7,
            "inputs.waveform: segments: 1 branches with the shape [8160] do not make 7",
        ),
        ("inputs.waveform.axes.names", ["PMT"], "inputs.waveform: axes.names: 2 names expected"),
        ("selection.hit", "energi > 0", "selection.hit: there is no column 'energi' (did you"),
        ("selection.hit", "", "selection.hit: '' is not a ROOT expression"),
        ("selection.precut.energy", "energi > 0", "selection.precut.energy: there is no column"),
        ("selection.precut.energy", "energy >", "selection.precut.energy: 'energy >' is not"),
        ("selection.by_kind.physic", {}, "selection.by_kind.physic: config/runs/cosine.tsv has no"),
        ("classes.signal.cut", "clusterz > 1", "classes.signal.cut: there is no column 'clusterz'"),
        ("classes.signal", {}, "classes.signal: give kinds or runs"),
        ("classes.signal", {"runs": [7]}, "classes.signal.runs: run 7 is missing in config/runs"),
        ("classes.signal.kinds", ["calib"], "classes.signal.kinds: config/runs/cosine.tsv has no"),
        ("classes.background", ..., "classes: expected at least 2 of them, found"),
        ("samples.crystal3.channels", [5], "samples.crystal3.channels: channel 5 is not in"),
        (
            "samples.crystal3.classes",
            ["sig", "background"],
            "samples.crystal3.classes: there is no",
        ),
        ("samples.crystal3.classes", ["signal"], "samples.crystal3.classes: at least two"),
        ("samples.crystal3.models", ["dn"], "samples.crystal3.models: there is no model 'dn'"),
        ("samples.crystal3.split", {"train": 0.9}, "samples.crystal3.split: train, validation and"),
        ("samples.crystal3_matched.match.column", "hits", "match.column: there is no kept column"),
        (
            "samples.crystal3.split",
            {"group": "hits"},
            "samples.crystal3.split.group: there is no kept column 'hits'",
        ),
        (
            "samples.crystal3_matched.match.edges.step",
            -1,
            "match.edges.step: expected a number greater than 0",
        ),
        (
            "samples.crystal3_matched.balance",
            "none",
            "samples.crystal3_matched.match: has no effect, because balance is none in every",
        ),
        ("samples.my-sample", {}, "samples.my-sample: a name consists of letters"),
        (
            "samples.crystal3.balanced",
            ["train"],
            "samples.crystal3.balanced: unknown key (did you mean 'balance'?)",
        ),
        (
            "samples.crystal3.split",
            {"runs": {"tset": [1858]}},
            "split.runs.tset: unknown key, expected one of 'train', 'validation' or 'test'",
        ),
        (
            "models.dnn.type",
            "netwerk",
            "models.dnn.type: expected one of 'keras', 'network', 'residual', 'binned', "
            "'gradient_boosting', 'likelihood_ratio', found 'netwerk'",
        ),
        ("models.dnn.type", ..., "models.dnn: key 'type' is missing"),
        ("models.dnn.towers", {"wavform": None}, "dnn.towers: there is no input 'wavform' (did"),
        ("models.dnn.training.epocs", 3, "models.dnn.training.epocs: unknown key (did you mean"),
        ("models.dnn.dense.dropout", [0.1], "models.dnn.dense: dropout has 1 values for 5"),
        ("models.dnn.towers.waveform.scaling.scal", 1, "towers.waveform.scaling.scal: unknown key"),
        (
            "models.gradient_boosting.features.onst",
            2,
            "models.gradient_boosting.features.onst: unknown key (did you mean 'onset'?)",
        ),
        (
            "models.gradient_boosting.features.type",
            "pulse",
            "models.gradient_boosting.features.type: expected 'pulse_shape'",
        ),
        (
            "models.gradient_boosting.inputs",
            ["wavform"],
            "models.gradient_boosting.inputs: there is no input 'wavform' (did you mean",
        ),
        (
            "models.gradient_boosting.columns",
            ["hits"],
            "models.gradient_boosting.columns: there is no kept column 'hits'",
        ),
        (
            "models.gradient_boosting.features.onset",
            5000,
            "models.gradient_boosting.features: input 'waveform': onset is 5000, but the record",
        ),
        (
            "models.oracle.input",
            "waveform",
            "models.oracle.input: two log likelihood ratios expected, 'waveform' has the shape",
        ),
        ("models.oracle.input", "liklihood", "models.oracle.input: there is no input 'liklihood'"),
        ("models.energy_only.column", "hits", "models.energy_only.column: there is no kept column"),
        ("models.energy_only.edges", {"values": [1, 1]}, "energy_only.edges: edges must increase"),
        (
            "models.fold2",
            {"type": "binned", "column": "energy", "edges": {"values": [0, 1]}},
            "models.fold2: the name is taken; parts of samples have such",
        ),
        ("channels", [1, 2, 3, 4, 6, 7, 3], "channels: 3 is listed twice"),
        ("seeds", [4, 5, 4], "seeds: 4 is listed twice"),
        ("masses", {3: 9.0}, "masses: the mass of channel 1 is missing; give those of all or"),
        ("masses", {5: 9.0}, "masses.5: channel 5 is not in channels [1, 2, 3, 4, 6, 7]"),
        ("masses", {3: 0}, "masses.3: expected a number greater than 0"),
        (
            "selection.precut.own",
            "crystal{channel}_energy > 0",
            "selection.precut.own: there is no column 'crystal7_energy'",
        ),
        (
            "selection.precut.own",
            "energy > {chanel}",
            "selection.precut.own: 'energy > {chanel}' is not a ROOT expression",
        ),
        (
            "samples.crystal3.cross_test",
            ["crystal3"],
            "samples.crystal3.cross_test: names the sample itself",
        ),
        (
            "samples.crystal3.cross_test",
            ["crystal9"],
            "samples.crystal3.cross_test: there is no sample 'crystal9'",
        ),
        (
            "samples.crystal1.seed",
            9,
            "cross_test: 'crystal1' has another split or seed, so training",
        ),
        ("baseline", "energy", "baseline: there is no model 'energy'"),
        ("oracle", "delphi", "oracle: there is no model 'delphi'"),
        ("report.efficiency", 0.9, "report.efficiency: unknown key"),
        ("report.variable", "hits", "report.variable: there is no kept column 'hits'"),
        ("report.edges", ..., "report.edges: missing; they are the bins of 'energy'"),
        ("simulate", ..., "simulate: missing, but config/runs/cosine.tsv names no file for run"),
        ("simulate.model", "crystal", "simulate.model: there is no detector model 'crystal'"),
        ("simulate.scale.physik", 1, "simulate.scale: there is no kind of run 'physik'"),
        ("simulate.parameters.trigger.gatee", 1, "simulate.parameters.trigger.gatee: unknown key"),
        (
            "simulate.parameters.trigger.high_energy",
            10,
            "simulate.parameters: trigger.high_energy is 10 keV, expected more",
        ),
        ("runs", "none.tsv", "none.tsv: the run sheet does not exist"),
    ],
)
def test_each_mistake_has_its_sentence(folder, dotted, value, said):
    demo_free = {"demo": ...}
    found = sentences(folder, {dotted: value, **demo_free})
    assert any(said in line for line in found), found
    if "tsv:" not in said:
        assert all(line.startswith("config/analyses/cosine.yaml: ") for line in found)


CONVOLUTIONS = "models.cnn.towers.waveform.convolutions"


@pytest.mark.parametrize(
    ("dotted", "value", "said"),
    [
        (
            f"{CONVOLUTIONS}.filters",
            {"start": 8, "layer": 3},
            [
                f"{CONVOLUTIONS}.filters.layers: missing; it is required",
                f"{CONVOLUTIONS}.filters.layer: unknown key (did you mean 'layers'?)",
            ],
        ),
        (
            f"{CONVOLUTIONS}.filters",
            {"start": 0, "layers": 2},
            [f"{CONVOLUTIONS}.filters.start: expected a number greater than 0, found 0"],
        ),
        (
            f"{CONVOLUTIONS}.filters",
            [8, 0],
            [f"{CONVOLUTIONS}.filters.1: expected a number greater than 0, found 0"],
        ),
        (
            f"{CONVOLUTIONS}.kernel",
            [3, 3, 3, 3, 0],
            [f"{CONVOLUTIONS}.kernel.4: expected a number greater than 0, found 0"],
        ),
        (
            f"{CONVOLUTIONS}.kernel",
            0,
            [f"{CONVOLUTIONS}.kernel: expected a number greater than 0, found 0"],
        ),
        (
            "models.dnn.dense.dropout",
            [0.1, 0.1, 0.1, 0.1, 2],
            ["models.dnn.dense.dropout.4: expected a number less than 1, found 2"],
        ),
        (
            "samples.crystal3.balance",
            "weight",
            [
                "samples.crystal3.balance: expected 'undersample', 'weights' or 'none', "
                "found 'weight'"
            ],
        ),
        (
            "samples.crystal3.balance",
            {"train": "weight", "tests": "none"},
            [
                "samples.crystal3.balance.train: expected 'undersample', 'weights' or "
                "'none', found 'weight'",
                "samples.crystal3.balance.tests: unknown key (did you mean 'test'?)",
            ],
        ),
        (
            "samples.crystal3.limit",
            {"train": 0, "tests": 9},
            [
                "samples.crystal3.limit.train: expected a number greater than 0, found 0",
                "samples.crystal3.limit.tests: unknown key, expected one of 'train', "
                "'validation' or 'test'",
            ],
        ),
    ],
)
def test_of_several_kinds_of_value_only_the_one_that_was_meant_is_named(
    folder, dotted, value, said
):
    place = "config/analyses/cosine.yaml: "
    assert sentences(folder, {dotted: value, "demo": ...}) == [place + line for line in said]


@pytest.mark.parametrize(
    ("dotted", "kinds"),
    [
        (f"{CONVOLUTIONS}.filters", "a list or keys and values"),
        ("models.dnn.dense.dropout", "a number or a list"),
    ],
)
def test_a_value_of_no_kind_is_one_mistake(folder, dotted, kinds):
    (said,) = sentences(folder, {dotted: "some", "demo": ...})
    assert said == f"config/analyses/cosine.yaml: {dotted}: expected {kinds}, found 'some'"


def test_trees_take_columns_but_no_pulse_shapes_of_them(folder):
    changes = {
        "inputs.numbers": {"columns": ["energy"]},
        "models.gradient_boosting.inputs": ["waveform", "numbers"],
    }
    assert sentences(folder, changes) == [
        "config/analyses/cosine.yaml: models.gradient_boosting.features: input 'numbers': pulse "
        "shapes are those of waveforms, but it is made of columns"
    ]
    changes["models.gradient_boosting.features"] = ...
    changes["titel"] = "so that there is a sentence at all"
    assert len(sentences(folder, changes)) == 1


def test_a_key_that_is_given_twice(folder):
    path = folder / "config/analyses/cosine.yaml"
    path.write_text(path.read_text().replace("tree: event\n", "tree: event\ntree: events\n"))
    with pytest.raises(RunsieveError, match="not valid YAML: the key 'tree' is given twice"):
        load_analysis("cosine", "demo", CATALOGUE)


def test_merged_keys_may_be_given_again(folder):
    """YAML's <<, also of a mapping that itself merges another and comes before it in the file."""
    path = folder / "config/analyses/cosine.yaml"
    matched = "match: {column: energy, edges: {start: 0, stop: 10, step: 0.5}}"
    assert matched in path.read_text()
    merged = (
        "match: &wide\n      <<: &narrow {column: energy, edges: {start: 0, stop: 5, step: 1}}\n"
        "      edges: {start: 0, stop: 9, step: 1}\n"
        "  again: {match: {<<: *wide, column: channel}}"
    )
    path.write_text(path.read_text().replace(matched, merged))
    samples = load_analysis("cosine", "full", CATALOGUE).settings.samples
    assert samples["crystal3_matched"].match.edges.stop == 9
    assert samples["again"].match.edges.stop == 9
    assert samples["again"].match.column == "channel"


def test_all_mistakes_are_said_at_once(folder):
    changes = {"titel": "x", "models.dnn.training.epocs": 1, "samples.crystal3.balanc": "none"}
    assert len(sentences(folder, changes)) == 3


@pytest.mark.parametrize("text", ["a: [1", "- a\n- b\n", ""])
def test_files_that_are_no_mapping(folder, text):
    (folder / "config/analyses/cosine.yaml").write_text(text)
    with pytest.raises(RunsieveError, match=r"^config/analyses/cosine.yaml: [^\n]+$"):
        load_analysis("cosine", "demo", CATALOGUE)


def test_exponents_are_numbers_although_yaml_reads_text(folder):
    path = folder / "config/analyses/cosine.yaml"
    path.write_text(path.read_text().replace("learning_rate: 0.001", "learning_rate: 1e-4"))
    assert "1e-4" in path.read_text()
    model = load_analysis("cosine", "full", CATALOGUE).settings.models["dnn"]
    assert model.training.learning_rate == 1e-4


def test_cosine_at_both_scales():
    full, demo = (load_analysis("cosine", scale, CATALOGUE).settings for scale in ("full", "demo"))
    null_tests = {"crystal3_runs", "crystal3_pretrigger"}
    assert {name for name, sample in full.samples.items() if sample.null_test} == null_tests
    assert len(full.samples) == 7 + len(null_tests)
    assert set(demo.samples) == {"crystal3", "crystal3_matched"} | null_tests
    assert full.models["dnn"].training.batch_size == 2048
    assert full.models["dnn"].dense.units == [768, 768, 512, 512, 512]
    assert full.seeds == [1] and demo.seeds == [1, 2, 3]
    assert demo.models["cnn"].seeds == 1


def test_without_files_the_truth_is_known_and_with_files_it_is_not(folder):
    assert "oracle" in load_analysis("cosine", "demo", CATALOGUE).settings.models
    sheet = folder / "config/runs/cosine.tsv"
    lines = sheet.read_text().splitlines()
    lines = [line.replace("1858\tphysics\t", "1858\tphysics\tdata/*.root") for line in lines]
    sheet.write_text("\n".join(lines))
    loaded = load_analysis("cosine", "demo", CATALOGUE)
    assert "oracle" not in loaded.settings.models
    assert "likelihood" not in loaded.settings.inputs
    assert loaded.settings.oracle is None
    assert "oracle" not in Plan(loaded, {"data": "data", "results": "results"}).models("crystal3")


def write_analysis(folder: Path, name: str, content: dict[str, Any]) -> None:
    (folder / f"config/analyses/{name}.yaml").write_text(yaml.safe_dump(content))


def test_an_analysis_that_extends_another(folder):
    changed = {
        "extends": "cosine",
        "title": "another",
        "runs": "config/runs/cosine.tsv",
        "samples": {"crystal1": None, "crystal2": {"limit": 7}, "crystal3": {"cross_test": []}},
        "demo": {"simulate": {"seed": 5}},
    }
    write_analysis(folder, "second", changed)
    full, demo = (load_analysis("second", scale, CATALOGUE).settings for scale in ("full", "demo"))
    base = load_analysis("cosine", "full", CATALOGUE).settings
    assert full.title == "another"
    assert full.selection == base.selection
    assert set(base.samples) - set(full.samples) == {"crystal1"}
    assert full.samples["crystal2"].limit == 7
    assert demo.simulate.seed == 5
    assert demo.simulate.scale == load_analysis("cosine", "demo", CATALOGUE).settings.simulate.scale


@pytest.mark.parametrize("scale", ["demo", "full"])
def test_what_is_removed_stays_so_at_demo_scale(folder, scale):
    """cosine has demo values of the network that the analysis removes, and of one that it keeps."""
    assert {"gradient_boosting", "dnn"} <= set(COSINE["demo"]["models"])
    changes = {"models": {"gradient_boosting": None}}
    sheet = {"extends": "cosine", "title": "two", "runs": "config/runs/cosine.tsv"}
    write_analysis(folder, "second", sheet | changes)
    models = load_analysis("second", scale, CATALOGUE).settings.models
    kept = load_analysis("cosine", scale, CATALOGUE).settings.models
    assert set(models) == set(kept) - {"gradient_boosting"}
    assert models["dnn"] == kept["dnn"]


def test_one_may_extend_one_that_extends(folder):
    sheet = {"runs": "config/runs/cosine.tsv"}
    write_analysis(folder, "second", {"extends": "cosine", "title": "two", "include_in_all": False})
    write_analysis(folder, "third", {"extends": "second", "description": "three", **sheet})
    third = load_analysis("third", "full", CATALOGUE).settings
    assert (third.title, third.description, third.include_in_all) == ("two", "three", True)


@pytest.mark.parametrize(
    ("extends", "said"),
    [
        ("cosin", "extends: there is no analysis 'cosin' (did you mean 'cosine'?)"),
        ("second", "extends: 'second' extends itself"),
    ],
)
def test_what_can_not_be_extended_is_named(folder, extends, said):
    write_analysis(folder, "second", {"extends": extends})
    with pytest.raises(RunsieveError) as error:
        load_analysis("second", "full", CATALOGUE)
    assert said in str(error.value)


def test_all_leaves_out_what_says_so(folder):
    for path in (folder / "config/analyses").glob("*.yaml"):
        if path.stem != "cosine":
            path.unlink()
    write_analysis(
        folder,
        "second",
        {"extends": "cosine", "runs": "config/runs/cosine.tsv", "include_in_all": False},
    )
    assert set(load({"analyses": "all"}, CATALOGUE)) == {"cosine"}
    assert set(load({"analyses": ["second"]}, CATALOGUE)) == {"second"}


def test_what_rules_hand_to_scripts_is_read_back(folder):
    for loaded in load({"analyses": "all"}, CATALOGUE).values():
        settings = loaded.settings
        for part in (*settings.inputs.values(), *settings.models.values()):
            assert type(part).model_validate(part.model_dump(mode="json")) == part
        for sample in settings.samples.values():
            assert type(sample).model_validate(sample.model_dump(mode="json")) == sample


ARRAYS = {"images": "x", "labels": "y"}
PICTURES: dict[str, Any] = {
    "title": "pictures",
    "columns": {"event": "event", "number": "label"},
    "classes": {
        "cat": {"kinds": ["train"], "cut": "number == 0"},
        "dog": {"kinds": ["train"], "cut": "number == 1"},
    },
    "samples": {"all": {}},
    "models": {"bins": {"type": "binned", "column": "event", "edges": {"values": [0, 1]}}},
    "report": {"variable": None},
}


@pytest.mark.parametrize(
    ("files", "ingest", "said"),
    [
        ("photos/", None, "ingest: missing, but config/runs/pictures.tsv names pictures for run 1"),
        ("photos", None, "ingest: missing"),
        ("photos/", {"shape": [8, 8]}, "ingest.labels: missing; they are the folders in photos/"),
        ("other/", {"shape": [8, 8]}, "run 1: other/ does not exist"),
        (
            "some.npz",
            {"shape": [8, 8]},
            "ingest.arrays.train: missing; it names the arrays in some",
        ),
        (
            "some.npz",
            {"shape": [8, 8], "arrays": {"test": {"images": "x", "labels": "y"}}},
            "ingest.arrays: there is no kind of run 'test'",
        ),
        ("photos/", {"shape": [8, 8, 4]}, "ingest: shape: [height, width]"),
    ],
)
def test_mistakes_in_what_is_said_of_pictures(folder, files, ingest, said):
    (folder / "photos/cat").mkdir(parents=True)
    (folder / "some.npz").write_bytes(b"")
    write_analysis(folder, "pictures", PICTURES | ({"ingest": ingest} if ingest else {}))
    sheet = f"run\tkind\tfiles\n1\ttrain\t{files}\n"
    (folder / "config/runs/pictures.tsv").write_text(sheet)
    with pytest.raises(RunsieveError) as error:
        load({"analyses": ["pictures"]}, CATALOGUE)
    assert said in str(error.value)


def load_pictures(folder: Path, changes: dict[str, Any], *files: str) -> Loaded:
    """PICTURES with changes, where run 1, 2, ... has these files."""
    for name in ("cat", "dog"):
        (folder / "photos" / name).mkdir(parents=True)
    (folder / "some.npz").write_bytes(b"")
    ingest = {"shape": [8, 8], "labels": ["cat", "dog"], "arrays": {"train": ARRAYS}}
    write_analysis(folder, "pictures", PICTURES | {"ingest": ingest} | changes)
    lines = [f"{run}\ttrain\t{one}\n" for run, one in enumerate(files, start=1)]
    (folder / "config/runs/pictures.tsv").write_text("".join(["run\tkind\tfiles\n", *lines]))
    return load({"analyses": ["pictures"]}, CATALOGUE)["pictures"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (("photos/", "photos"), "runs 1 and 2 have the same pictures, photos"),
        (("photos/", "../{name}/photos/"), "runs 1 and 2 have the same pictures"),
        (("photos/cat/", "photos/"), "run 1: photos/cat/ is in photos/ of run 2"),
        (("some.npz", "some.npz"), "runs 1 and 2 have the same pictures, array 'x' of some.npz"),
    ],
)
def test_the_same_pictures_are_not_in_two_runs(folder, files, said):
    with pytest.raises(RunsieveError, match=said):
        load_pictures(folder, {}, *(one.format(name=folder.name) for one in files))


def test_two_arrays_of_one_file_are_different_pictures(folder):
    analysis = load_pictures(folder, {}, "some.npz", "photos/")
    assert len(analysis.runs) == 2


@pytest.mark.parametrize("labels", [["cat", "dog"], ["dog", "cat"]])
def test_a_class_is_bound_to_its_folder_by_name(folder, labels):
    classes = {
        "cat": {"kinds": ["train"], "label": "cat"},
        "large_dog": {"kinds": ["train"], "label": "dog", "cut": "event > 3"},
    }
    columns = {"event": "event", "picture_label": "width"}
    ingest = {"shape": [8, 8], "labels": labels}
    changes = {"classes": classes, "columns": columns, "ingest": ingest}
    settings = load_pictures(folder, changes, "photos/").settings
    assert settings.columns["picture_label_"] == "label"
    assert settings.classes["cat"].cut == f"picture_label_ == {labels.index('cat')}"
    dog = f"picture_label_ == {labels.index('dog')} && (event > 3)"
    assert settings.classes["large_dog"].cut == dog


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ({}, {}, "takes the pictures of 'dog' of run 1, which class 'cat' takes, too"),
        ({"cut": "event > 3"}, {"cut": "event > 3"}, "takes .* of run 1 with the cut 'event > 3'"),
        ({"cut": "event > 3"}, {"cut": "event <= 3"}, None),
        ({"kinds": [], "runs": [1]}, {"kinds": [], "runs": [2]}, None),
        ({"kinds": [], "runs": [1]}, {}, "takes the pictures of 'dog' of run 1"),
    ],
)
def test_two_classes_do_not_take_the_same_folder(folder, first, second, said):
    one = {"kinds": ["train"], "label": "dog"}
    changes = {"classes": {"cat": one | first, "hound": one | second}}
    if said is None:
        load_pictures(folder, changes, "photos/", "some.npz")
        return
    with pytest.raises(RunsieveError, match=f"classes.hound: {said}"):
        load_pictures(folder, changes, "photos/", "some.npz")


def test_two_classes_of_the_same_events_are_refused(folder):
    said = sentences(folder, {"classes.background": {"kinds": ["calibration"]}})
    assert any(
        "classes.background: takes the events of run 1601, which class 'signal' takes" in text
        for text in said
    )


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Cosmic muon \u2013 β⁻", None),
        ("Nuclear recoils", "'Nuclear recoils' is what class 'signal' is called"),
        ("signal", None),
        ("two\nlines", "one line of text"),
    ],
)
def test_titles_of_classes_are_in_any_alphabet_and_different(folder, title, said):
    changes = {"classes.signal.title": "Nuclear recoils", "classes.background.title": title}
    found = sentences(folder, changes | {"baseline": "a mistake besides"})
    found = [text.partition("classes.background.title: ")[2] for text in found]
    found = [text for text in found if text]
    assert len(found) == (said is not None)
    assert all(said in text for text in found)


def test_a_column_of_the_label_is_used_where_there_is_one(folder):
    classes = PICTURES["classes"] | {"cat": {"kinds": ["train"], "label": "cat"}}
    settings = load_pictures(folder, {"classes": classes}, "photos/").settings
    assert settings.columns == PICTURES["columns"]
    assert settings.classes["cat"].cut == "number == 0"


def test_a_number_that_stands_for_another_folder_is_refused(folder):
    ingest = {"shape": [8, 8], "labels": ["dog", "cat"]}
    with pytest.raises(RunsieveError) as error:
        load_pictures(folder, {"ingest": ingest}, "photos/")
    assert [line.partition("yaml: ")[2] for line in str(error.value).splitlines()] == [
        "classes.cat.cut: 'number == 0' takes pictures of dog, by the order of ingest.labels; give "
        "'label: cat' instead",
        "classes.dog.cut: 'number == 1' takes pictures of cat, by the order of ingest.labels; give "
        "'label: dog' instead",
    ]


@pytest.mark.parametrize(
    ("ingest", "said"),
    [
        ({"shape": [8, 8], "labels": ["cat", "dog"]}, "no label 'cot' in ingest.labels (did you"),
        (None, "'cot' is not in ingest.labels, which is empty"),
    ],
)
def test_a_label_that_does_not_exist_is_named(folder, ingest, said):
    classes = PICTURES["classes"] | {"cat": {"kinds": ["train"], "label": "cot"}}
    with pytest.raises(RunsieveError) as error:
        load_pictures(folder, {"classes": classes, "ingest": ingest}, "photos/")
    assert f"classes.cat.label: {'there is ' if ingest else ''}{said}" in str(error.value)


def test_runs_of_a_split_must_be_in_the_run_sheet(folder):
    said = sentences(folder, {"samples.crystal3.split": {"runs": {"test": [1, 1858]}}})
    assert any("samples.crystal3.split.runs: run 1 is missing" in text for text in said)
    assert not any("1858" in text for text in said)
