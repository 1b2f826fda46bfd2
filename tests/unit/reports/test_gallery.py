"""Galleries: the examples are those of the sample's events, and are drawn where they belong."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import draw_gallery
from helpers.recount.agreement import require_agreement
from helpers.recount.gallery import gallery
from helpers.recount.scored import read_scored
from runsieve.config.axes import Axes
from runsieve.config.inputs import Input
from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint
from runsieve.errors import RunsieveError
from runsieve.evaluation.evaluated import Evaluated
from runsieve.evaluation.folds import merge_folds
from runsieve.evaluation.predictions import read_predictions
from runsieve.figures.described import Described
from runsieve.reports.gallery import (
    captions,
    draw_examples,
    examples_per_kind,
    gallery_table,
    model_of_gallery,
)

TWO, MANY = ["signal", "background"], ["muon", "pion", "kaon", "proton"]
POINTS = {"efficiency80": {"signal_efficiency": 0.8}, "given": {"score": 0.4}}
REPORT = Report(variable="energy", edges={"start": 0, "stop": 10, "step": 5})
WAVEFORM = Input(branches=["w"], shape=[8], segments=2, axes={"sample_ns": 2, "unit": "mV"})
PICTURE = Input(branches=["i"], shape=[6, 6])


def write_sample(folder, classes, seed=1):
    """A sample of 200 events whose array has other rows, and its scores."""
    generator = np.random.default_rng(seed)
    size = 200
    label = generator.integers(0, len(classes), size)
    events = pd.DataFrame(
        {
            "run": generator.integers(1, 3, size),
            "entry": np.arange(size),
            "event": 7 + 2 * np.arange(size),
            "channel": 3,
            "class": np.array(classes)[label],
            "energy": generator.uniform(0, 10, size),
            "split": generator.choice(["train", "validation", "test"], size),
            "weight": 1.0,
            "row": generator.permutation(size),
        }
    )
    odds = generator.uniform(0.1, 1, (size, len(classes)))
    odds[np.arange(size), label] += generator.uniform(-0.05, 1.2, size)
    probability = (odds / odds.sum(axis=1, keepdims=True)).astype(np.float32)
    names = {f"p_{name}": probability[:, place] for place, name in enumerate(classes)}
    scores = events.drop(columns=["entry", "row"]).assign(**names)
    events.to_parquet(folder / "events.parquet")
    scores.to_parquet(folder / "scores.parquet")
    return events, scores


def examples(folder, events, classes, number=2):
    points = {name: WorkingPoint(**one) for name, one in POINTS.items()}
    predictions = read_predictions(folder / "scores.parquet", classes, REPORT.binned)
    scores = pd.read_parquet(folder / "scores.parquet")
    return gallery_table(Evaluated.of(predictions, REPORT, points), scores, events, number)


@pytest.mark.parametrize("classes", [TWO, MANY])
def test_examples_are_those_of_the_recount(tmp_path, classes):
    events, _ = write_sample(tmp_path, classes)
    table = examples(tmp_path, events, classes)
    settings = {"working_points": POINTS, "report": {"edges": [0, 5, 10]}}
    scored = read_scored(tmp_path / "scores.parquet", settings)["label"]
    require_agreement(table, gallery(scored, events, 2))
    assert table["threshold"].isna().all() == (classes is MANY)


def test_scores_of_folds_say_which_event_they_are_of(tmp_path):
    events, scores = write_sample(tmp_path, TWO)
    splits = [np.where(np.arange(200) % 2 == fold, "test", "validation") for fold in (0, 1)]
    merged = merge_folds([scores.assign(split=split) for split in splits])
    merged.to_parquet(tmp_path / "scores.parquet")
    table = examples(tmp_path, events, TWO)
    of_sample = events.set_index("event").loc[table["event"]]
    for name in ("run", "entry", "row", "class"):
        assert table[name].tolist() == of_sample[name].tolist()
    assert table["threshold"].nunique() == 2


def test_scores_of_other_events_are_refused(tmp_path):
    events, _ = write_sample(tmp_path, TWO)
    with pytest.raises(RunsieveError, match="the scores are not of the events of the sample"):
        examples(tmp_path, events.assign(event=events["event"] + 1), TWO)


def test_captions_name_class_event_score_and_variable():
    row = {"class": "signal", "kind": "worst", "assigned": "background", "run": 2, "event": 31}
    row |= {"score": 0.0456, "energy": 3.14159}
    right = row | {"assigned": "signal", "truth": "signal"}
    known = pd.DataFrame([row | {"truth": "background"}, right])
    titles = {"signal": "Signal"}
    assert captions(known, titles, REPORT, 42) == [
        "worst: Signal as background\n2/31, score 0.046, 3.14 keV\nin truth background",
        "worst: Signal\n2/31, score 0.046, 3.14 keV",
    ]
    assert captions(known[:1].drop(columns="truth"), {}, Report(variable=None), 42) == [
        "worst: signal as background\n2/31, score 0.046"
    ]
    hits = Report(variable="energy", label="hit pixels", unit="")
    assert captions(known[:1], titles, hits, 28) == [
        "worst: Signal as background\n2/31, score 0.046\n3.14 hit pixels\nin truth background"
    ]
    many = known[1:].assign(energy=1043.0)
    assert captions(many, {}, hits, 42)[0].endswith(", 1\u2009043 hit pixels")
    assert captions(known[1:], {}, hits, 42)[0].endswith(", 3.14 hit pixels")


@pytest.mark.parametrize(("classes", "columns"), [(TWO, 4), (MANY, 6)])
def test_each_panel_is_the_event_below_its_caption(tmp_path, classes, columns):
    events, _ = write_sample(tmp_path, classes)
    number = examples_per_kind(len(classes), 1)
    table = examples(tmp_path, events, classes, number)
    # A class without a wrongly classified event leaves its panels empty.
    table = table[(table["class"] != classes[0]) | (table["kind"] != "worst")]
    waveforms = np.arange(200 * 8).reshape(200, 8)
    described = Described("cnn on x", {}, True)
    inputs = {"waveform": WAVEFORM}
    figure = draw_examples(table, classes, {"waveform": waveforms}, inputs, REPORT, described)
    upper = [axes for axes in figure.axes if axes.get_title(loc="left")]
    texts = captions(table, {}, REPORT, 144 // columns)
    assert [axes.get_title(loc="left") for axes in upper] == texts
    assert len(figure.axes) == 2 * len(table)
    for axes, row in zip(upper, table["row"], strict=True):
        (line,) = axes.lines
        assert line.get_xdata().tolist() == [0, 2, 4, 6]
        assert line.get_ydata().tolist() == waveforms[row, :4].tolist()
    grid = upper[0].get_subplotspec().get_topmost_subplotspec().get_gridspec()
    assert grid.ncols == columns
    assert figure.get_supylabel() == "mV"


def test_models_of_several_inputs_have_a_panel_for_each(tmp_path):
    events, _ = write_sample(tmp_path, TWO)
    inputs = {"image": PICTURE, "waveform": WAVEFORM}
    arrays = {"image": np.ones((200, 6, 6)), "waveform": np.ones((200, 8))}
    number = examples_per_kind(2, 2)
    table = examples(tmp_path, events, TWO, number)
    figure = draw_examples(table, TWO, arrays, inputs, REPORT, Described())
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles.count("waveform") == len(table) == 12
    assert sum(len(axes.images) for axes in figure.axes) == 12


@pytest.mark.parametrize(
    ("areas", "expected"),
    [([0.99, 0.8, 0.9], "c"), ([0.99, np.nan, 0.1], "c"), ([0.99, np.nan, np.nan], "b")],
)
def test_the_best_on_validation_of_those_that_can_be_drawn_is_shown(areas, expected, tmp_path):
    path = tmp_path / "choice.csv"
    pd.DataFrame({"model": list("abc"), "validation_auc": areas}).to_csv(path, index=False)
    assert model_of_gallery(path, ["b", "c"]) == expected


def test_script_writes_table_and_figure(tmp_path):
    write_sample(tmp_path, TWO)
    np.save(tmp_path / "waveform.npy", np.ones((200, 8)))
    choice = {"model": ["bins", "cnn", "dnn"], "validation_auc": [0.99, 0.9, 0.8]}
    pd.DataFrame(choice).to_csv(tmp_path / "choice.csv", index=False)
    job = SimpleNamespace(
        log=[tmp_path / "log"],
        input=SimpleNamespace(
            choice=tmp_path / "choice.csv",
            scores=[tmp_path / "other.parquet", tmp_path / "scores.parquet"],
            events=tmp_path / "events.parquet",
            arrays=[tmp_path / "waveform.npy"],
        ),
        output=SimpleNamespace(
            table=tmp_path / "gallery.csv",
            figures=[tmp_path / "gallery.svg", tmp_path / "gallery.png"],
        ),
        params=SimpleNamespace(
            classes=TWO,
            titles={},
            report=REPORT.model_dump(mode="json"),
            working_points=POINTS,
            inputs={key: {"waveform": WAVEFORM.model_dump(mode="json")} for key in ("dnn", "cnn")},
            name="x",
            simulated=True,
        ),
    )
    draw_gallery.main(job)
    table = pd.read_csv(job.output.table)
    assert set(table["model"]) == {"cnn"}
    assert table.groupby(["class", "kind"]).size().max() == 4
    assert "worst: signal as background" in job.output.figures[0].read_text()
    assert job.output.figures[1].stat().st_size > 10_000


def test_axes_count_samples_where_the_time_is_not_known():
    assert (Axes().time_from(0), Axes().step) == ("sample", 1)
    assert (Axes(sample_ns=2).time_from(0), Axes(sample_ns=2).step) == ("time [ns]", 2)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (0, "time [ns]"),
        (9, "time - 18 [ns]"),
        ("time - 20", "time from the start of the window [ns]"),
    ],
)
def test_the_time_of_a_window_begins_where_it_starts(start, expected):
    window = {"start": start, "length": 5}
    one = Input(branches=["w"], shape=[5], window=window, axes={"sample_ns": 2})
    assert one.time_axis == expected
