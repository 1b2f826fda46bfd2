"""Pictures of all kinds become one shape; what can't be read is listed."""

import os
import struct
import unicodedata
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import uproot
from PIL import Image
from pydantic import ValidationError

from runsieve.config.ingest import Arrays, Ingest
from runsieve.errors import RunsieveError
from runsieve.ingest.folders import list_pictures, listing
from runsieve.ingest.packed import read_packed
from runsieve.ingest.pictures import UnreadablePictureError, read_picture
from runsieve.ingest.run import ingest
from runsieve.runs.pictures import left_out

ARRAYS = Arrays(images="x", labels="y")


def save(path, values, mode=None, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.fromarray(values)
    (image if mode is None else image.convert(mode)).save(path, **options)
    return path


def grey(height, width, value=100):
    return np.full((height, width), value, dtype=np.uint8)


def halves(left, right, height=20, width=40):
    """A picture in colours with two halves."""
    values = np.empty((height, width, 3), dtype=np.uint8)
    values[:, : width // 2], values[:, width // 2 :] = left, right
    return values


@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 3), (5, 9, 3)])
@pytest.mark.parametrize("size", [(8, 8), (3, 50), (200, 120)])
def test_any_size_becomes_the_shape(tmp_path, shape, size):
    picture = read_picture(save(tmp_path / "a.png", grey(*size)), shape)
    assert picture.values.shape == shape
    assert picture.values.dtype == np.uint8
    assert (picture.values == 100).all()
    assert (picture.height, picture.width, picture.mode) == (*size, "L")


def test_a_picture_of_the_shape_is_not_changed(tmp_path):
    values = np.random.default_rng(1).integers(0, 256, (12, 10, 3), dtype=np.uint8)
    assert (read_picture(save(tmp_path / "a.png", values), (12, 10, 3)).values == values).all()


def test_transparency_becomes_white(tmp_path):
    values = np.zeros((4, 6, 4), dtype=np.uint8)
    values[:, 3:, 3] = 255
    seen = read_picture(save(tmp_path / "a.png", values), (4, 6, 3)).values
    assert (seen[:, :3] == 255).all()
    assert (seen[:, 3:] == 0).all()


def test_palettes_and_their_transparent_colour(tmp_path):
    colours = halves((200, 10, 10), (10, 200, 10), 4, 6)
    image = Image.fromarray(colours).convert("P", palette=Image.Palette.ADAPTIVE)
    image.save(tmp_path / "plain.png")
    assert (read_picture(tmp_path / "plain.png", (4, 6, 3)).values == colours).all()
    image.save(tmp_path / "clear.png", transparency=int(np.asarray(image)[0, 0]))
    seen = read_picture(tmp_path / "clear.png", (4, 6, 3)).values
    assert (seen[:, :3] == 255).all()
    assert (seen[:, 3:] == (10, 200, 10)).all()


@pytest.mark.parametrize("ending", ["png", "tif"])
def test_sixteen_bits_keep_their_values(tmp_path, ending):
    values = np.array([[0, 1, 1023, 65535]], dtype=np.uint16)
    path = save(tmp_path / f"a.{ending}", values)
    seen = read_picture(path, (1, 4), "uint16").values
    assert seen.dtype == np.uint16
    assert seen.tolist() == values.tolist()
    with pytest.raises(UnreadablePictureError, match=r"'ingest\.type: uint16' keeps them"):
        read_picture(path, (1, 4))


def test_sixteen_bits_are_resized_within_their_range(tmp_path):
    values = np.zeros((40, 30), dtype=np.uint16)
    values[:, 15:] = 65535
    seen = read_picture(save(tmp_path / "a.png", values), (20, 15), "uint16").values
    # The filter swings a little beyond the edge; that it must not wrap around is the point.
    assert (seen[:, :4] < 2000).all()
    assert (seen[:, 11:] > 63000).all()
    assert (seen[:, [0, -1]] == [0, 65535]).all()


def test_eight_bits_do_not_stand_beside_sixteen(tmp_path):
    path = save(tmp_path / "a.png", grey(4, 4))
    with pytest.raises(UnreadablePictureError, match="8 bits per value, but"):
        read_picture(path, (4, 4), "uint16")


@pytest.mark.parametrize("kind", ["uint8", "uint16"])
def test_numbers_of_32_bits_are_refused(tmp_path, kind):
    path = save(tmp_path / "a.tif", np.ones((4, 4), np.float32))
    with pytest.raises(UnreadablePictureError, match=f"32 bits per value, .* {kind}"):
        read_picture(path, (4, 4), kind)


def test_colours_of_sixteen_bits_are_refused(tmp_path):
    """Pillow cannot write them: one row of a PNG by hand, three values of 1023."""
    row = b"\0" + np.array([1023, 1023, 1023], ">u2").tobytes()
    header = struct.pack(">IIBBBBB", 1, 1, 16, 2, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(row)), (b"IEND", b"")]
    path = tmp_path / "a.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + b"".join(
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
            for name, data in parts
        )
    )
    with pytest.raises(UnreadablePictureError, match="16 bits per colour"):
        read_picture(path, (1, 1, 3))


@pytest.mark.parametrize("ending", ["tif", "tiff", "gif", "bmp", "webp", "png"])
def test_each_format_is_read(tmp_path, ending):
    options = {"lossless": True} if ending == "webp" else {}
    values = halves((200, 10, 10), (10, 200, 10), 8, 12)
    save(tmp_path / f"cat/a.{ending.upper()}", values, **options)
    entries = list_pictures(tmp_path, ["cat"])
    assert [entry.problem for entry in entries] == [""]
    assert (read_picture(entries[0].path, (8, 12, 3)).values == values).all()


def test_of_several_frames_the_first_is_taken(tmp_path):
    frames = [Image.fromarray(grey(8, 8, value)) for value in (10, 90, 200)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    picture = read_picture(tmp_path / "a.gif", (8, 8))
    assert picture.frames == 3
    assert (picture.values == 10).all()


def test_a_turned_photograph_stands_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned right by 90 degrees
    path = save(tmp_path / "a.jpg", halves((250, 0, 0), (0, 0, 250)), exif=exif, quality=95)
    picture = read_picture(path, (40, 20, 3))
    assert (picture.height, picture.width) == (40, 20)
    assert picture.values[5, 10, 0] > 200, "the left half is on top"
    assert picture.values[35, 10, 2] > 200


def test_four_inks_become_three_colours(tmp_path):
    path = save(tmp_path / "a.jpeg", halves((250, 0, 0), (0, 0, 250)), "CMYK", quality=95)
    assert read_picture(path, (20, 40, 3)).values.shape == (20, 40, 3)


@pytest.mark.parametrize("ending", ["png", "jpg"])
@pytest.mark.parametrize("kept", [0, 0.05, 0.5, 0.9])
def test_a_truncated_file_is_unreadable(tmp_path, ending, kept):
    values = np.random.default_rng(2).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    path = save(tmp_path / f"a.{ending}", values)
    content = path.read_bytes()
    path.write_bytes(content[: int(kept * len(content))])
    with pytest.raises(UnreadablePictureError) as error:
        read_picture(path, (8, 8))
    assert str(error.value)
    assert str(tmp_path) not in str(error.value)


def test_other_formats_are_refused_whatever_their_name(tmp_path):
    Image.fromarray(grey(4, 4)).save(tmp_path / "a.ppm")
    (tmp_path / "a.ppm").rename(tmp_path / "a.png")
    with pytest.raises(UnreadablePictureError, match="cannot identify"):
        read_picture(tmp_path / "a.png", (4, 4))


@pytest.fixture
def folder(tmp_path):
    """Two classes: three good pictures and a broken one, and files that are no pictures."""
    root = tmp_path / "pictures"
    save(root / "cat/b.png", grey(10, 12, 50))
    save(root / "cat/deep/er/a.JPG", grey(30, 9, 60))
    save(root / "dog/c.jpeg", grey(8, 8, 70))
    (root / "cat/a.png").write_bytes(b"not a picture")
    (root / "cat/notes.txt").write_text("no picture")
    (root / "dog/.hidden.png").write_bytes(b"")
    (root / ".cache").mkdir()
    return root


def run_ingest(tmp_path, source, **settings):
    settings = Ingest.model_validate({"shape": [8, 8]} | settings)
    path, table = tmp_path / "run7.root", tmp_path / "run7.pictures.csv"
    ingest(7, "training", source, settings, path, table, 2)
    with uproot.open(path) as file:
        return file["event"].arrays(library="np"), pd.read_csv(table)


def test_a_folder_becomes_a_run(tmp_path, folder, capsys):
    seen, table = run_ingest(tmp_path, folder, labels=["cat", "dog"])
    files = ["cat/a.png", "cat/b.png", "cat/deep/er/a.JPG", "dog/c.jpeg", "cat/notes.txt"]
    assert table.file.tolist() == files
    assert table.problem.notna().tolist() == [True, False, False, False, True]
    assert table.event.isna().tolist() == [False, False, False, False, True]
    assert seen["event"].tolist() == [2, 3, 4]
    assert seen["label"].tolist() == [0, 0, 1]
    assert seen["width"].tolist() == [12, 9, 8]
    assert seen["image"][:, 4, 4].tolist() == pytest.approx([50, 60, 70], abs=2)
    assert set(seen["run"]) == {7}
    said = capsys.readouterr().out
    assert "3 of 4 pictures taken" in said
    assert "left out cat/a.png: cannot identify" in said
    assert (
        "run 7: 2 of 5 files left out: 1 (cannot identify image file), 1 (not a picture by the "
        "ending of its name) (listed in run7.pictures.csv)\n"
    ) in said


def test_all_that_is_not_taken_is_said(tmp_path, folder):
    save(folder / "alone.png", grey(4, 4))
    (folder / "cat/link").symlink_to(folder / "dog", target_is_directory=True)
    frames = [Image.fromarray(grey(8, 8, value)) for value in (10, 90)]
    frames[0].save(folder / "dog/d.gif", save_all=True, append_images=frames[1:])
    said: list[str] = []
    path, table = tmp_path / "run7.root", tmp_path / "run7.pictures.csv"
    settings = Ingest(shape=[8, 8], labels=["cat", "dog"])
    ingest(7, "training", folder, settings, path, table, 1, said.append)
    problems = pd.read_csv(table).set_index("file").problem.dropna().to_dict()
    assert problems.pop("cat/a.png").startswith("cannot identify")
    assert problems == {
        "cat/link": "a link to a folder, which is not followed",
        "cat/notes.txt": "not a picture by the ending of its name",
        "alone.png": "not in a folder of a class",
    }
    assert len(said) == 1
    assert said[0].startswith("run 7: 4 of 8 files left out: 1 (")
    assert "of 1 with several frames the first was taken" in said[0]


def test_nothing_is_said_where_all_is_taken(tmp_path):
    save(tmp_path / "pictures/cat/a.png", grey(4, 4))
    said: list[str] = []
    path, table = tmp_path / "run7.root", tmp_path / "run7.pictures.csv"
    settings = Ingest(shape=[8, 8], labels=["cat"])
    ingest(7, "training", tmp_path / "pictures", settings, path, table, 1, said.append)
    assert said == []


def test_reasons_are_counted_and_only_the_first_few_named():
    texts = [f"image file is truncated ({n} bytes not processed)" for n in range(3)] + list("abcd")
    table = pd.DataFrame({"problem": [*texts, None], "frames": 1})
    assert left_out(7, table) == (
        "run 7: 7 of 8 files left out: 3 (image file is truncated), 1 (a), 1 (b), 1 (c), 1 for "
        "other reasons"
    )


@pytest.mark.parametrize("place", ["", "dog", "cat/deep"])
def test_a_folder_that_cannot_be_read_is_an_error(folder, monkeypatch, place):
    """Also of somebody who may read everything, as in a container: the system call is replaced."""
    closed, scan = folder / place, os.scandir

    def refuse(path):
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    monkeypatch.setattr(os, "listdir", lambda path: [entry.name for entry in refuse(path)])
    with pytest.raises(RunsieveError, match=f"{closed}: the folder cannot be read: Permission"):
        list_pictures(folder, ["cat", "dog"])


def test_pictures_of_sixteen_bits_become_a_run(tmp_path):
    for number, value in enumerate((7, 1023)):
        save(tmp_path / f"pictures/cat/{number}.png", np.full((8, 8), value, np.uint16))
    seen, _ = run_ingest(tmp_path, tmp_path / "pictures", labels=["cat"], type="uint16")
    assert seen["image"].dtype == np.uint16
    assert seen["image"][:, 0, 0].tolist() == [7, 1023]


def test_arrays_of_sixteen_bits_become_a_run(tmp_path):
    values = np.full((2, 4, 4), 1023, np.uint16)
    np.savez(tmp_path / "some.npz", x=values, y=np.arange(2))
    arrays = {"training": ARRAYS.model_dump()}
    seen, _ = run_ingest(tmp_path, tmp_path / "some.npz", arrays=arrays, type="uint16")
    assert (seen["image"] == 1023).all()


def test_a_number_without_a_label_is_left_out(tmp_path):
    np.savez(tmp_path / "some.npz", x=np.zeros((3, 8, 8), np.uint8), y=np.array([0, 2, 1]))
    arrays = {"training": ARRAYS.model_dump()}
    labels = ["cat", "dog"]
    seen, table = run_ingest(tmp_path, tmp_path / "some.npz", arrays=arrays, labels=labels)
    assert seen["label"].tolist() == [0, 1]
    assert table.problem.dropna().tolist() == ["label 2 is none of the 2 of ingest.labels"]


def test_folders_and_numbers_of_files_can_be_groups(tmp_path):
    names = ["cat/a/IMG_0012.png", "dog/a/7.png", "dog/b/x2-30.png", "dog/none.png"]
    for name in names:
        save(tmp_path / "pictures" / name, grey(8, 8))
    seen, _ = run_ingest(tmp_path, tmp_path / "pictures", labels=["cat", "dog"])
    assert seen["number"].tolist() == [12, 7, 30, -1]
    folder = seen["folder"].tolist()
    assert folder == [zlib.crc32(b"a"), zlib.crc32(b"a"), zlib.crc32(b"b"), 0]


def test_numbers_stay_when_a_picture_is_mended(tmp_path, folder):
    before, _ = run_ingest(tmp_path, folder, labels=["cat", "dog"])
    save(folder / "cat/a.png", grey(9, 9))
    after, _ = run_ingest(tmp_path, folder, labels=["cat", "dog"])
    assert set(after["event"]) - set(before["event"]) == {1}


def test_nothing_readable_is_an_error_and_leaves_no_file(tmp_path):
    (tmp_path / "pictures/cat").mkdir(parents=True)
    (tmp_path / "pictures/cat/a.png").write_bytes(b"broken")
    with pytest.raises(RunsieveError, match=r"run 7: none of its 1 pictures .*; cat/a.png"):
        run_ingest(tmp_path, tmp_path / "pictures", labels=["cat"])
    assert not list(tmp_path.glob("run7*"))


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (["cat", "dog", "cow"], r"no folder 'cow' \(ingest.labels\); found cat, dog"),
        (["cat"], "the folder 'dog' is not in ingest.labels: cat"),
    ],
)
def test_folders_and_labels_agree(folder, labels, said):
    with pytest.raises(RunsieveError, match=said):
        list_pictures(folder, labels)


ODD = ["Cosmic muon \u2013 β⁻", "дом 7", "物理", "café"]


def test_folders_may_have_any_name(tmp_path):
    for value, name in enumerate(ODD):
        save(tmp_path / "my pictures" / name / "a b.png", grey(8, 8, value))
    seen, table = run_ingest(tmp_path, tmp_path / "my pictures", labels=ODD)
    assert seen["label"].tolist() == seen["image"][:, 0, 0].tolist() == [0, 1, 2, 3]
    assert table.file.tolist() == [f"{name}/a b.png" for name in ODD]


@pytest.mark.parametrize(("on_disk", "given"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_accents_made_up_in_another_way_are_the_same_name(tmp_path, on_disk, given):
    save(tmp_path / unicodedata.normalize(on_disk, "café") / "a.png", grey(8, 8))
    settings = Ingest(shape=[8, 8], labels=[unicodedata.normalize(given, "café")])
    entries = list_pictures(tmp_path, settings.labels)
    assert [entry.label for entry in entries] == [0]


def test_two_folders_whose_names_look_the_same_are_refused(tmp_path):
    for form in ("NFC", "NFD"):
        save(tmp_path / unicodedata.normalize(form, "café") / "a.png", grey(8, 8))
    with pytest.raises(RunsieveError, match="two folders are called 'café'"):
        list_pictures(tmp_path, ["café"])


@pytest.mark.parametrize("labels", [["cat", "dog"], ["dog", "cat"]])
def test_the_order_of_labels_never_swaps_folders(tmp_path, folder, labels):
    seen, _ = run_ingest(tmp_path, folder, labels=labels)
    values = seen["image"][:, 4, 4].tolist()  # 50 and 60 of cats, 70 of the dog
    named = [labels[label] for label in seen["label"]]
    assert sorted(zip(values, named, strict=True)) == [
        (pytest.approx(50, abs=2), "cat"),
        (pytest.approx(60, abs=2), "cat"),
        (pytest.approx(70, abs=2), "dog"),
    ]


def test_an_empty_folder_is_named(tmp_path):
    (tmp_path / "cat").mkdir()
    with pytest.raises(RunsieveError, match=r"no file ends in \.png, \.jpg"):
        list_pictures(tmp_path, ["cat"])


def test_the_listing_changes_with_names_and_sizes(folder):
    before = listing(folder)
    (folder / "cat/b.png").touch()
    assert listing(folder) == before
    save(folder / "dog/d.png", grey(3, 3))
    added = listing(folder)
    (folder / "dog/d.png").rename(folder / "dog/e.png")
    assert len({before, added, listing(folder)}) == 3


@pytest.mark.parametrize("images", [(5, 8, 8), (5, 20, 10), (5, 8, 8, 3)])
def test_arrays_become_a_run(tmp_path, images):
    values = np.full(images, 9, dtype=np.uint8)
    np.savez(tmp_path / "some.npz", x=values, y=np.arange(5))
    seen, table = run_ingest(
        tmp_path, tmp_path / "some.npz", arrays={"training": ARRAYS.model_dump()}
    )
    assert seen["label"].tolist() == [0, 1, 2, 3, 4]
    assert (seen["image"] == 9).all()
    assert seen["number"].tolist() == [0, 1, 2, 3, 4]
    assert set(seen["folder"]) == {0}
    assert table.file.tolist() == [f"x[{number}]" for number in range(5)]
    assert table.problem.isna().all()


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"x": grey(5, 4)[None], "z": np.zeros(1, int)}, "there is no array 'y'"),
        ({"x": np.zeros((2, 4, 4)), "y": np.zeros(2, int)}, "uint8 .* found float64"),
        ({"x": np.zeros((2, 4, 4, 2), "u1"), "y": np.zeros(2, int)}, r"\(2, 4, 4, 2\)"),
        ({"x": np.zeros((2, 4), "u1"), "y": np.zeros(2, int)}, r"found uint8 of shape \(2, 4\)"),
        ({"x": np.zeros((2, 4, 4), "u1"), "y": np.zeros(3, int)}, "each of 2 pictures"),
        ({"x": np.zeros((2, 4, 4), "u1"), "y": np.zeros(2)}, "found float64"),
        ({"x": np.zeros((0, 4, 4), "u1"), "y": np.zeros(0, int)}, "holds no picture"),
        ({"x": np.array([{}], dtype=object), "y": np.zeros(1, int)}, "not a readable .npz"),
    ],
)
def test_arrays_that_do_not_fit_are_named(tmp_path, arrays, said):
    np.savez(tmp_path / "some.npz", **arrays)
    with pytest.raises(RunsieveError, match=said):
        read_packed(tmp_path / "some.npz", ARRAYS)


def test_a_damaged_packed_file_is_named(tmp_path):
    (tmp_path / "some.npz").write_bytes(b"PK\x03\x04 and nothing more")
    with pytest.raises(RunsieveError, match=r"some.npz: not a readable .npz file"):
        read_packed(tmp_path / "some.npz", ARRAYS)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"shape": [8]}, "height, width"),
        ({"shape": [8, 8, 4]}, "height, width, 3"),
        ({"shape": [8, 8, 3], "type": "uint16"}, "uint16 is for grey pictures"),
        ({"shape": [8, 8], "labels": ["a", "a"]}, "a folder is listed twice"),
    ],
)
def test_settings_that_do_not_fit_are_refused(settings, said):
    with pytest.raises(ValidationError, match=said):
        Ingest.model_validate(settings)
