"""What models say of one event: read from the files that are there, by channel."""

import pandas as pd

from runsieve.evaluation.shown_event import reasons_for_event, scores_of_event

TITLES = {"signal": "Signal"}


def test_scores_of_an_event(tmp_path):
    events = {"run": [1, 1, 2], "event": [5, 5, 5], "channel": [3, 4, 3], "split": "test"}
    two = pd.DataFrame({**events, "p_signal": [0.25, 0.5, 0.1], "p_noise": [0.75, 0.5, 0.9]})
    more = pd.DataFrame({**events, "p_a": [0.3, 0.1, 0], "p_b": [0.3, 0.7, 0], "p_c": 0.4})
    for name, table in {"two": two, "more": more.iloc[:2]}.items():
        table.to_parquet(tmp_path / f"{name}.parquet")
    files = {"cnn on x": tmp_path / "two.parquet", "dnn on y": tmp_path / "more.parquet"}
    assert scores_of_event(files, 1, 5, TITLES) == {
        3: ["cnn on x: Signal 0.250 (test)", "dnn on y: c 0.400 (test)"],
        4: ["cnn on x: Signal 0.500 (test)", "dnn on y: b 0.700 (test)"],
    }
    assert list(scores_of_event(files, 2, 5, TITLES)) == [3]
    assert scores_of_event(files, 1, 6, TITLES) == {}
    assert scores_of_event({}, 1, 5, TITLES) == {}


def test_reasons_are_the_galleries_that_an_event_is_in(tmp_path):
    path = tmp_path / "gallery.csv"
    columns = ["model", "class", "kind", "assigned", "run", "event", "channel"]
    rows = [
        ("cnn", "signal", "worst", "noise", 1, 5, 3),
        ("cnn", "noise", "typical", "noise", 1, 5, 4),
        ("cnn", "noise", "typical", "noise", 2, 5, 4),
    ]
    pd.DataFrame(rows, columns=columns).to_csv(path, index=False)
    assert reasons_for_event({"x": path}, 1, 5, TITLES) == [
        "worst Signal of cnn on x, taken for noise (channel 3)",
        "typical noise of cnn on x (channel 4)",
    ]
    assert reasons_for_event({"x": path}, 3, 5, TITLES) == []
