"""The status strip of a sample: at a glance, what its verdict rests on."""

from dataclasses import dataclass

from runsieve.reports.page.numbers import count, missing, number, quoted, significant
from runsieve.reports.page.sample_results import SampleResults
from runsieve.reports.page.verdict import Evidence, Verdict, headline_of


@dataclass(frozen=True)
class State:
    """An entry of the status strip; level: ok, warn or none (not known)."""

    label: str
    value: str
    level: str
    note: str = ""


def states_of(results: SampleResults, evidence: Evidence, verdict: Verdict) -> list[State]:
    """Diagnoses, seeds, closure, contamination and null tests of the model to use, at a glance."""
    name = verdict.model or next((row["model"] for row in evidence.rows if row["chosen"]), None)
    states = [_of_diagnoses(results, evidence)]
    if name is None:
        return states
    kinds = {limit.kind for limit in verdict.limits}
    row = next(one for one in evidence.rows if one["model"] == name)
    point = headline_of(evidence.points[name])
    spread = row["auc_spread"]
    seeds = len(row["seeds"].split())
    said = f"{seeds} seeds" if seeds > 1 else "1 seed"
    note = (
        f"of {name}, spread not known"
        if missing(spread)
        else f"of {name}, AUC ± {significant(spread)}"
    )
    level = "warn" if "seeds" in kinds else ("none" if missing(spread) else "ok")
    states.append(State("Seeds", said, level, note))
    if point is not None and not missing(point["closure"]):
        ends = (100 * point[f"closure{end}"] for end in ("", "_low", "_high"))
        value = quoted(*ends)
        level = "warn" if "closure" in kinds else "ok"
        target = number(100 * point["target"], 0)
        note = f"percentage points off the target of {target} %"
        note += f", seed {row['seeds'].split()[0]}" if seeds > 1 else ""
        states.append(State("Closure", value, level, note))
    if name in evidence.contamination:
        value = quoted(
            *(None if missing(one) else 100 * one for one in evidence.contamination[name])
        )
        level = "warn" if "contamination" in kinds else "ok"
        background = evidence.of_class(list(evidence.events)[1])
        note = f"of {background}, estimated"
        known = results.true_contamination(name)
        note += "" if missing(known) else f"; in truth {number(100 * known, 1)} %"
        states.append(State("Contamination", f"{value} %", level, note))
    if results.null_tests:
        failed = len(results.failed)
        said = (
            f"{failed} of {results.null_tests} failed" if failed else f"{results.null_tests} passed"
        )
        note = f"of the analysis; an AUC below {number(results.noticed, 2)} could pass unseen"
        states.append(State("Null tests", said, "warn" if failed else "ok", note))
    fewest = min(evidence.events, key=evidence.events.get)
    level = "warn" if "events" in kinds else "ok"
    equal = len(set(evidence.events.values())) == 1
    note = "of each class" if equal else f"of {evidence.of_class(fewest)}, the rarest class"
    states.append(State("Test events", count(evidence.events[fewest]), level, note))
    return states


def _of_diagnoses(results: SampleResults, evidence: Evidence) -> State:
    fired = {
        name: number
        for name, seeds in evidence.fired.items()
        if (number := sum(map(len, seeds.values())))
    }
    trainings = sum(len(one.diagnoses) for one in results.models)
    if not trainings and not fired:
        return State("Diagnoses", "none made", "none", "no network")
    if not fired:
        return State("Diagnoses", "none fired", "ok", f"all models, {trainings} trainings")
    names = ", ".join(fired)
    return State("Diagnoses", f"{sum(fired.values())} fired", "warn", f"of {names}")
