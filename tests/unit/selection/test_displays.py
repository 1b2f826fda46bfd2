"""Event displays: the event that was asked for, the cuts that it passes, what was recorded."""

from collections.abc import Iterable

import awkward as ak
import numpy as np
import pytest
import uproot
from matplotlib.figure import Figure

from runsieve.config.axes import Axes
from runsieve.config.inputs import Input
from runsieve.config.window import Window
from runsieve.errors import RunsieveError
from runsieve.figures.event import Shown, draw_event
from runsieve.runs.inputs import InputFiles
from runsieve.runs.trees import open_chain
from runsieve.selection.displays import Channel, Event, read_event

COLUMNS = {"event": "evt", "energy": "e[{channel}] / 2"}
CLASSES = {"signal": {"energy": "energy > 1", "top": "energy < 4"}, "noise": {"low": "energy < 1"}}
OUTSIDE = {"start": "-energy - 0.5", "length": 3, "outside": "pad"}
INPUTS = {
    "waveform": Input(branches=["left{channel}", "right{channel}"], shape=[2, 6]),
    "image": Input(branches=["image"], shape=[3, 4, 1], join="last"),
}


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("display") / "run.root"
    samples = np.arange(6, dtype=np.uint16)
    with uproot.recreate(path) as opened:
        opened.mktree(
            "ntp",
            {
                "evt": np.array([11, 13, 17], np.uint64),
                "e": np.array([[4.0, 20], [1, 3], [0, 0]]),
                "image": np.arange(36, dtype=np.uint8).reshape(3, 3, 4),
                "left0": ak.Array([samples, samples + 1, []]),
                "right0": ak.Array([samples, samples + 2, []]),
                "left1": ak.Array([samples, samples + 3, samples]),
                "right1": ak.Array([samples, samples + 4, samples]),
            },
        )
    return str(path)


def read(file: str, number: int, hit: str | None = None, names: Iterable[str] = INPUTS) -> Event:
    inputs = {name: InputFiles(INPUTS[name], [file], "ntp") for name in names}
    with open_chain(7, [file], "ntp") as chain:
        return read_event(chain, number, [0, 1], COLUMNS, CLASSES, inputs, hit)


def test_an_event_is_found_by_its_number(file):
    event = read(file, 13)
    assert (event.entry, event.number) == (1, 13)
    assert event.channels[1].columns == {"event": 13, "energy": 1.5}
    assert event.channels[1].passed == {
        "signal": {"energy": True, "top": True},
        "noise": {"low": False},
    }
    assert event.channels[0].passed["noise"] == {"low": True}
    waveform = event.channels[1].inputs["waveform"]
    assert waveform.tolist() == [[3, 4, 5, 6, 7, 8], [4, 5, 6, 7, 8, 9]]
    assert event.channels[0].inputs["image"].shape == (3, 4, 1)


def test_what_was_not_recorded_is_empty(file):
    assert read(file, 17).channels[0].inputs["waveform"].size == 0


@pytest.mark.parametrize(
    ("number", "hit", "hits"),
    [
        (13, None, [0, 1]),
        (13, "energy > 1", [1]),
        (13, "{channel} == 0", [0]),
        (17, None, [1]),  # nothing is recorded in channel 0
        (17, "energy > 0", [0, 1]),  # no channel was hit: all are shown
    ],
)
def test_only_channels_that_were_hit_are_shown(file, number, hit, hits):
    event = read(file, number, hit, ["waveform"])
    assert list(event.channels) == hits
    assert event.silent == [channel for channel in (0, 1) if channel not in hits]


def test_waveforms_are_shown_by_segment_and_in_their_unit(file):
    branches = ["left{channel}", "right{channel}"]
    seen = {
        "branches": Input(branches=branches, shape=[12]),
        "segments": Input(branches=["left{channel}"], shape=[6], segments=3),
        "window": Input(branches=["left{channel}"], shape=[4], window={"stop": 2}, segments=2),
        "volts": Input(
            branches=["left{channel}"], shape=[6], axes={"unit": "mV", "unit_per_count": 0.5}
        ),
    }
    inputs = {name: InputFiles(settings, [file], "ntp") for name, settings in seen.items()}
    with open_chain(7, [file], "ntp") as chain:
        shown = read_event(chain, 11, [0], COLUMNS, CLASSES, inputs).channels[0].inputs
    assert shown["branches"].tolist() == [[0, 1, 2, 3, 4, 5]] * 2
    assert shown["segments"].tolist() == [[0, 1], [2, 3], [4, 5]]
    assert shown["window"].tolist() == [[0, 1], [3, 4]]
    assert shown["volts"].tolist() == [[0, 0.5, 1, 1.5, 2, 2.5]]


def test_an_event_that_the_run_does_not_have(file):
    with pytest.raises(RunsieveError, match=r"no event 12; .* its 3 events range from 11 to 17"):
        read(file, 12)


def test_inputs_are_shown_as_models_see_them(file):
    seen = {
        "cut": Input(
            branches=["left{channel}", "right{channel}"],
            shape=[3, 2],
            window={"start": 2, "stop": 5},
            join="last",
        ),
        "small": Input(branches=["image"], shape=[6, 2], reduce={"factor": 2, "by": "max"}),
    }
    inputs = {name: InputFiles(settings, [file], "ntp") for name, settings in seen.items()}
    with open_chain(7, [file], "ntp") as chain:
        event = read_event(chain, 13, [1], COLUMNS, CLASSES, inputs)
    shown = event.channels[1].inputs
    assert shown["cut"].tolist() == [[5, 6], [6, 7], [7, 8]]
    assert shown["small"].tolist() == [[15], [19], [23]]
    assert shown["small"].dtype == np.uint8


def test_an_input_of_other_files_and_another_tree(file, tmp_path):
    friend = str(tmp_path / "friend.root")
    with uproot.recreate(friend) as opened:
        opened.mktree("extra", {"shape": np.arange(12.0).reshape(3, 4)})
    inputs = {"shape": InputFiles(Input(branches=["shape"], shape=[4]), [friend], "extra")}
    with open_chain(7, [file], "ntp") as chain:
        event = read_event(chain, 17, [0, 1], COLUMNS, CLASSES, inputs)
    for channel in (0, 1):
        assert event.channels[channel].inputs["shape"].tolist() == [[8, 9, 10, 11]]


def test_a_cut_may_name_the_channel(file):
    columns = {**COLUMNS, "e0": "e[0]", "e1": "e[1]"}
    classes = {"signal": {"own energy": "e{channel} > 2", "in": "{channel} == 1"}}
    with open_chain(7, [file], "ntp") as chain:
        event = read_event(chain, 13, [0, 1], columns, classes, {})
    assert event.channels[0].passed == {"signal": {"own energy": False, "in": False}}
    assert event.channels[1].passed == {"signal": {"own energy": True, "in": True}}


def drawn(event: Event, **more) -> Figure:
    return draw_event(event, Shown("A test", "detector", **more))


def words(figure: Figure) -> list[str]:
    return [text.get_text().strip() for axes in figure.axes for text in axes.texts]


def test_drawn_are_segments_images_and_cuts(file):
    axes = {"waveform": Axes(sample_ns=2, unit="mV", names=["left", "right"])}
    figure = drawn(read(file, 13), axes=axes, titles={"signal": "Сигнал"})
    found = words(figure)
    assert {"detector 0", "detector 1", "energy 1.5", "left", "right"} <= set(found)
    assert [word for word in found if ":" in word] == [
        *("Сигнал: not selected", "noise: selected"),
        *("Сигнал: selected", "noise: not selected"),
    ]
    assert found.count("✗ energy") == 1 and found.count("✓ energy") == 1
    lines = [len(panel.lines) for panel in figure.axes]
    images = [len(panel.images) for panel in figure.axes]
    assert lines == [0, 1, 1, 0, 0, 1, 1, 0]
    assert images == [0, 0, 0, 1, 0, 0, 0, 1]
    upper, lower = figure.axes[1:3]
    assert lower.lines[0].get_xdata().tolist() == [0, 2, 4, 6, 8, 10]
    assert (upper.get_ylabel(), lower.get_xlabel()) == ("mV", "time [ns]")
    assert drawn(read(file, 13)).axes[2].get_xlabel() == "sample"


def test_drawn_is_that_nothing_was_recorded(file):
    assert words(drawn(read(file, 17))).count("nothing recorded") == 1


def test_drawn_are_reasons_scores_and_channels_that_were_not_hit(file):
    event = read(file, 13, "energy > 1")
    scores = {0: ["cnn on b: signal 0.1 (test)"], 1: ["cnn on a: signal 0.9 (test)"]}
    figure = drawn(event, reasons=["worst signal of cnn on a"], scores=scores)
    heading = figure.get_suptitle().splitlines()
    assert heading == [
        "A test: run 7, event 13 (entry 1)",
        "worst signal of cnn on a",
        "not hit: detector 0",
    ]
    assert scores[1][0] in words(figure) and scores[0][0] not in words(figure)
    assert "(entry 1), simulated" in drawn(event, simulated=True).get_suptitle()
    assert "asked for by run and event number" in drawn(event).get_suptitle()


def labels(event):
    """The time axes of a display."""
    found = [axes.get_xlabel() for axes in draw_event(event, Shown("A test", "detector")).axes]
    return [label for label in found if label]


def test_samples_are_counted_from_the_start_of_a_window(file):
    window = {"start": "energy + 1", "length": 3}
    both = ["left{channel}", "right{channel}"]
    seen = {
        "pulse": Input(branches=both, shape=[6], window=window, polarity="negative"),
        "whole": Input(branches=both, shape=[2, 6], baseline=4),
    }
    inputs = {name: InputFiles(settings, [file], "ntp") for name, settings in seen.items()}
    with open_chain(7, [file], "ntp") as chain:
        event = read_event(chain, 13, [0, 1], COLUMNS, CLASSES, inputs)
        nothing = read_event(chain, 17, [0], COLUMNS, CLASSES, inputs)
    # Energies are 0.5 and 1.5, and halves are rounded upwards.
    assert [event.channels[channel].starts for channel in (0, 1)] == [{"pulse": 2}, {"pulse": 3}]
    # One line for each segment, in raw values.
    assert event.channels[1].inputs["pulse"].tolist() == [[6, 7, 8], [7, 8, 9]]
    assert nothing.channels[0].starts == {}
    assert labels(event) == ["sample - 2", "sample", "sample - 3", "sample"]
    filled = seen["pulse"].model_copy(update={"window": Window(**OUTSIDE)})
    with open_chain(7, [file], "ntp") as chain:
        inputs = {"pulse": InputFiles(filled, [file], "ntp")}
        event = read_event(chain, 13, [0], COLUMNS, CLASSES, inputs)
    assert event.channels[0].inputs["pulse"][0].tolist() == [1, 1, 2]
    assert labels(event) == ["sample + 1"]


def test_a_stack_of_images_is_drawn_as_its_sum():
    stack = Channel({}, {}, {"hits": np.ones((5, 5, 2))})
    figure = drawn(Event(7, 1, 0, {0: stack}, []))
    assert figure.axes[1].images[0].get_array().tolist() == [[2] * 5] * 5
