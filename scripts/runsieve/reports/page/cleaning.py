"""What the page shows of a cleaned sample: what was found, and what models gained."""

from typing import Any

import pandas as pd

from runsieve.reports.page.figures import Gallery
from runsieve.reports.page.sample_results import SampleResults
from runsieve.reports.page.tables import COUNT, QUOTED, SIGNIFICANT, Column, table

FOUND = (
    Column("label", "class"),
    Column("events", "events", COUNT),
    Column("doubted", "doubted", COUNT),
)
KNOWN = (
    Column("wrong", "wrong", COUNT, note="where it is known which labels are wrong"),
    Column("precision", "precision", QUOTED, note="wrong ones among doubted"),
    Column("recall", "recall", QUOTED, note="doubted ones among wrong"),
)
MODELS = (
    Column("model", "model"),
    Column("judged by", "against"),
    Column("AUC before", "auc_before", SIGNIFICANT),
    Column("AUC after", "auc_after", SIGNIFICANT),
    Column("difference", "difference", QUOTED),
    Column("p", "p", SIGNIFICANT, digits=2),
)


def read_cleaning(results: SampleResults, gallery: Gallery) -> dict[str, Any]:
    """The tables and the figure of a cleaned sample; empty for any other."""
    files, reader, name = results.files, results.reader, results.files.name
    if not files.cleaning:
        return {}
    found = reader.table(files.cleaning["cleaning"])
    models = reader.table(files.cleaning["cleaned_models"])
    titles = results.analysis.titles
    named = found.assign(**{"class": [titles.get(one, one) for one in found["class"]]})
    columns = FOUND if found["wrong"].isna().all() else (*FOUND, *KNOWN)
    link = reader.link(files.cleaning["cleaning"])
    tables = [
        table(f"Labels that are doubted in {name}", link, columns, named),
        table(
            f"Models before and after cleaning, {name}",
            reader.link(files.cleaning["cleaned_models"]),
            MODELS,
            models,
            note="On the same test events, none of which was left out.",
        ),
    ]
    figure = gallery.figure(
        "doubted",
        f"Events of {name} whose label is doubted most",
        files.figures["doubted"],
        seen=_seen(found),
        tables=[files.cleaning["doubted"]],
        wide=True,
        sample=name,
    )
    return {"tables": tables, "figures": [figure]}


def _seen(found: pd.DataFrame) -> str:
    total = found[found["class"] == "all"].iloc[0]
    return f"Doubted are {total['doubted']} of {total['events']} labels."
