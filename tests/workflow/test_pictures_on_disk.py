"""A folder of pictures in unequal classes, from configuration alone."""

import html
import json
import re
import zipfile

import numpy as np
import pandas as pd
import pytest
import uproot
import yaml
from PIL import Image, ImageDraw

from helpers.checkout import copy_checkout

pytestmark = pytest.mark.workflow

SIZES = {"circle": 120, "cross": 60, "bar": 20}
# Names of folders, and what the classes are called.
FOLDERS = {"circle": "圆形 \u2013 ○", "cross": "cross", "bar": "long bar"}
TITLES = {"circle": "Kreis ○ & <ring>", "cross": "A cross (β⁻)", "bar": "bar"}
PLACE, CIRCLES = "my photographs", FOLDERS["circle"]
COPIES = range(0, 60, 2)  # crosses that are the same picture
ANALYSIS = {
    "title": "A folder of pictures",
    "columns": {"run": "run", "event": "event"},
    "classes": {
        name: {"kinds": ["photographs"], "label": label, "title": TITLES[name]}
        for name, label in FOLDERS.items()
    },
    "inputs": {"image": {"branches": ["image"], "shape": [24, 24, 3]}},
    "samples": {
        "equal": {
            "balance": {"test": "none"},
            "split": {"train": 0.5, "validation": 0.25, "test": 0.25},
        }
    },
    "models": {
        "small": {
            "type": "network",
            "towers": {
                "image": {
                    "scaling": {"scale": 255},
                    "channels": "last",
                    "convolutions": {"filters": [4], "kernel": 3},
                }
            },
            "training": {"epochs": 2, "batch_size": 8},
        }
    },
    "report": {"variable": None, "bootstrap": 50},
    "ingest": {"shape": [24, 24, 3], "labels": sorted(FOLDERS.values())},
}


def draw(name: str, seed: int) -> Image.Image:
    """A white figure on a dark ground, of any size."""
    rng = np.random.default_rng(seed)
    width, height = (int(side) for side in rng.integers(20, 90, 2))
    image = Image.new("RGB", (width, height), tuple(int(part) for part in rng.integers(0, 90, 3)))
    pen = ImageDraw.Draw(image)
    box = (0.2 * width, 0.2 * height, 0.8 * width, 0.8 * height)
    if name == "circle":
        pen.ellipse(box, fill="white")
    elif name == "cross":
        pen.line(box, fill="white", width=3)
        pen.line((box[0], box[3], box[2], box[1]), fill="white", width=3)
    else:
        pen.rectangle((box[0], 0.45 * height, box[2], 0.55 * height), fill="white")
    return image


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """A checkout with a folder of pictures, which has run."""
    checkout = copy_checkout(tmp_path_factory.mktemp("ingest") / "checkout")
    for label, (name, size) in enumerate(SIZES.items()):
        folder = checkout.folder / PLACE / FOLDERS[name]
        folder.mkdir(parents=True)
        for number in range(size):
            ending = "jpg" if number % 2 else "png"
            draw(name, 1000 * label + number).save(folder / f"{number:03}.{ending}")
    folder = checkout.folder / PLACE
    for number in COPIES:
        draw("cross", 1).save(folder / f"cross/{number:03}.png")
    whole = (folder / CIRCLES / "001.jpg").read_bytes()
    (folder / CIRCLES / "001.jpg").write_bytes(whole[: len(whole) // 2])
    draw("circle", 0).convert("L").save(folder / CIRCLES / "002.png")
    clear = draw("circle", 0).convert("RGBA")
    clear.putalpha(0)
    clear.save(folder / CIRCLES / "004.png")
    (checkout.folder / "config/analyses/photographs.yaml").write_text(yaml.safe_dump(ANALYSIS))
    sheet = f"run\tkind\tfiles\n5\tphotographs\t{PLACE}/\n"
    (checkout.folder / "config/runs/photographs.tsv").write_text(sheet)
    (checkout.folder / "config/config.yaml").write_text("analyses: [photographs]\n")
    done = checkout.snakemake()
    assert done.returncode == 0, done.stdout + done.stderr
    return checkout.folder, checkout, done.stderr


def test_every_picture_but_the_broken_one_is_taken(pictures):
    folder, *_ = pictures
    table = pd.read_csv(folder / "data/photographs/run5.pictures.csv")
    assert len(table) == sum(SIZES.values())
    broken = table[table.problem.notna()]
    assert broken.file.tolist() == [f"{CIRCLES}/001.jpg"]
    events = pd.read_parquet(folder / "results/photographs/events/run5.parquet")
    assert set(table.event) - set(events.event) == set(broken.event)
    assert events.groupby("class").size().to_dict() == SIZES | {"circle": SIZES["circle"] - 1}
    assert (
        f"left out {CIRCLES}/001.jpg" in (folder / "logs/photographs/ingest/run5.log").read_text()
    )


def test_titles_stand_on_the_page_and_on_the_card_and_names_in_tables(pictures):
    folder, *_ = pictures
    page = (folder / "results/index.html").read_text()
    text = (folder / "results/photographs/reports/equal/small/efficiency.txt").read_text()
    card = (folder / "results/photographs/models/equal/small/seed1/card.md").read_text()
    for name, title in TITLES.items():
        assert html.escape(title) in page
        assert f"{title}: events by score" in text
        assert (f"(`{name}`)" in card) == (title != name)
    assert "<ring>" not in page
    assert r"Kreis ○ & \<ring\>".replace("&", r"\&") in card
    table = pd.read_csv(folder / "results/photographs/reports/equal/small/classes.csv")
    assert set(table["class"]) == {*TITLES, "weighted average"}


def test_macro_f1_of_several_classes_is_on_the_page(pictures):
    folder, *_ = pictures
    reports = folder / "results/photographs/reports"
    seeds = json.loads((reports / "equal/small/metrics.json").read_text())["seeds"]
    metrics = seeds["1"]["metrics"]
    classes = pd.read_csv(reports / "equal/small/classes.csv").set_index("class")
    f1 = metrics["macro_f1"]
    assert f1["value"] == pytest.approx(classes.loc[list(SIZES), "f1"].mean())
    row = pd.read_csv(reports / "comparison.csv").iloc[0]
    parts = [row[f"macro_f1{part}"] for part in ("", "_low", "_high")]
    assert parts == pytest.approx([f1["value"], f1["low"], f1["high"]])
    page = (folder / "results/index.html").read_text()
    assert "macro F1" in page


def test_the_network_says_what_its_classes_are(pictures):
    folder, *_ = pictures
    path = folder / "results/photographs/models/equal/small/seed1/model.keras"
    metadata = json.loads(zipfile.ZipFile(path).read("metadata.json"))
    report = folder / "results/photographs/reports/equal/small/metrics.json"
    (metrics,) = json.loads(report.read_text())["seeds"].values()
    assert metadata["about"] == {"classes": metrics["classes"], "seed": 1}
    assert sorted(metadata["about"]["classes"]) == sorted(SIZES)


def test_what_was_left_out_is_said_on_the_console_and_on_the_page(pictures):
    folder, _, console = pictures
    said = f"run 5: 1 of {sum(SIZES.values())} files left out: 1 (Truncated File Read)"
    assert f"{said} (listed in run5.pictures.csv)\n" in console
    assert said in (folder / "results/index.html").read_text()


def test_equal_pictures_in_two_splits_are_said(pictures):
    folder, _, console = pictures
    table = pd.read_csv(folder / "results/photographs/samples/equal/duplicates.csv")
    files = pd.read_csv(folder / "data/photographs/run5.pictures.csv").set_index("event").file
    exact = table[table.kind == "exact"]
    assert exact.set.nunique() == 1
    assert {files[event] for event in exact.event} <= {f"cross/{one:03}.png" for one in COPIES}
    assert exact.split.nunique() > 1
    said = f"sample equal, input image: {len(exact)} events in different splits have the same"
    assert said in console
    assert said in (folder / "results/index.html").read_text()


def test_grey_and_transparent_pictures_are_as_they_look(pictures):
    folder, *_ = pictures
    table = pd.read_csv(folder / "data/photographs/run5.pictures.csv").set_index("file")
    with uproot.open(folder / "data/photographs/run5.root") as file:
        tree = file["event"].arrays(["event", "image"], library="np")
    images = dict(zip(tree["event"].tolist(), tree["image"], strict=True))
    grey = images[table.event[f"{CIRCLES}/002.png"]]
    assert (grey == grey[..., :1]).all()
    assert (images[table.event[f"{CIRCLES}/004.png"]] == 255).all()


def test_training_is_balanced_and_the_test_is_not(pictures):
    folder, *_ = pictures
    drawn = pd.read_csv(folder / "results/photographs/samples/equal/drawn.csv")
    counts = drawn.set_index(["split", "class"]).drawn
    assert counts["train"].nunique() == counts["validation"].nunique() == 1
    assert counts["test"]["circle"] > counts["test"]["bar"]
    place = folder / "results/photographs/reports/equal/small"
    confusion = pd.read_csv(place / "confusion.csv", index_col="true_class")
    assert (confusion["against"] == "label").all()
    assert (confusion["working_point"] == "most_probable").all()
    confusion = confusion.drop(columns=["seed", "against", "working_point"])
    assert confusion.sum(axis=1).to_dict() == counts["test"].to_dict()
    report = pd.read_csv(place / "classes.csv")
    assert set(SIZES) <= set(report["class"])


def test_only_a_change_of_the_folder_takes_it_in_again(pictures):
    folder, checkout, _ = pictures
    assert checkout.would_run() == {}
    for path in (folder / PLACE).rglob("*"):
        path.touch()
    assert checkout.would_run() == {}
    added = folder / PLACE / FOLDERS["bar"] / "new.png"
    draw("bar", 77).save(added)
    assert "ingest_run" in checkout.would_run()
    added.unlink()


def test_pictures_without_labels_get_the_scores_of_the_same_pictures(pictures):
    """A folder in; a table of file, class and probabilities out."""
    folder, checkout, _ = pictures
    new = folder / "new pictures/second"
    new.mkdir(parents=True)
    for name in SIZES:
        for path in (folder / PLACE / FOLDERS[name]).iterdir():
            (new / f"{name}{path.name}").write_bytes(path.read_bytes())
    (new.parent / "notes.txt").write_text("nothing to see")
    config = "scores={pictures: new pictures}"
    assert checkout.run("picture_scores", "--config", config) == {"score_pictures": 1}
    scores = folder / "results/photographs/scores/equal/small/seed1/pictures.csv"
    table = pd.read_csv(scores).set_index("file")
    assert len(table) == sum(SIZES.values()) + 1
    assert table.loc["notes.txt", "problem"].startswith("not a picture")
    assert table.loc["second/circle001.jpg", ["class", "p_bar"]].isna().all()
    listed = pd.read_csv(folder / "data/photographs/run5.pictures.csv")
    tested = pd.read_parquet(folder / "results/photographs/tests/equal/small/seed1/scores.parquet")
    known = {FOLDERS[name]: name for name in SIZES}
    for row in tested.merge(listed[["event", "file"]], on="event").itertuples():
        place, name = row.file.split("/")
        found = table.loc[f"second/{known[place]}{name}"]
        probabilities = {one: getattr(row, f"p_{one}") for one in SIZES}
        for one, expected in probabilities.items():
            assert found[f"p_{one}"] == pytest.approx(expected, rel=1e-7)
        assert found["class"] == max(probabilities, key=probabilities.get)
    assert checkout.run("picture_scores", "--config", config) == {}
    refused = checkout.snakemake("-n", "picture_scores")
    assert refused.returncode != 0 and "name a folder" in refused.stdout + refused.stderr


def test_a_folder_that_no_label_names_is_an_error(pictures):
    folder, checkout, _ = pictures
    other = folder / PLACE / "ring"
    other.mkdir()
    draw("circle", 1).save(other / "a.png")
    done = checkout.snakemake()
    other.joinpath("a.png").unlink()
    other.rmdir()
    said = re.findall(r"^error: (.*)$", done.stdout + done.stderr, re.M)
    assert done.returncode != 0
    assert any("the folder 'ring' is not in ingest.labels" in line for line in said)
