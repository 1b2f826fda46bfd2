"""The table of the pictures of an ingested run: what was left out, as a sentence."""

import pandas as pd

SHOWN = 4  # at most this number of reasons is named


def left_out(run: int, table: pd.DataFrame) -> str:
    """What was not taken of the files of a run, with counts by reason; empty if all was taken.

    `table` has one row per file: problem (text or missing) and frames.
    """
    problems = table["problem"].fillna("")
    # What follows in parentheses, such as a number of bytes, differs from file to file.
    reasons = problems[problems != ""].str.split(" (", regex=False).str[0].value_counts()
    several = int((table["frames"] > 1).sum())
    parts = []
    if len(reasons):
        named = [f"{count} ({reason})" for reason, count in reasons.head(SHOWN).items()]
        if len(reasons) > SHOWN:
            named.append(f"{reasons.iloc[SHOWN:].sum()} for other reasons")
        parts.append(f"{reasons.sum()} of {len(table)} files left out: {', '.join(named)}")
    if several:
        parts.append(f"of {several} with several frames the first was taken")
    return f"run {run}: {'; '.join(parts)}" if parts else ""
