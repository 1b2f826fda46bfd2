"""What a sample's results allow: which models are usable, where to cut, and with which limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from runsieve.config.working_point import headline
from runsieve.reports.page.numbers import count, missing, number, quoted

FEW_EVENTS = 100  # test events of a class, below which its efficiency is known to 5 % at best
FEW_NAMED = 3  # classes with few events that are named one by one
FEW_PASSED = 10  # background events above the threshold: their number is known to a third
HALF = 0.5  # fraction that is kept or rejected in a bin, below which the verdict names the bin
CONTAMINATED = 0.02  # fraction of the background class that is like the signal
MEMORISED = 0.01  # p-value of scores of training and test events, below which they differ
CLOSURE_ERRORS = 2.0  # distance of the realised efficiency from the target, in its errors

USABLE, LIMITED, NOTHING = "usable", "limited", "nothing"


@dataclass(frozen=True)
class Limit:
    """What restricts the use of a model; kind: diagnoses, events, closure, contamination, ..."""

    kind: str
    text: str


@dataclass(frozen=True)
class Evidence:
    """What the files say of a sample.

    rows: of the comparison; points: of each model, its working points judged by the label; truth:
    of each model, the same judged by the simulated process, where that is known; bins: of
    each model, the efficiency of each class at all working points, judged by the label, in bins
    with enough events (`merged`);
    fired: of each model, by seed, the diagnoses that fired as sentences; events: number of test
    events by class; contamination: estimated fraction of the background class that is like the
    signal, with its interval, of each model that has one; training: of each model, how far training
    events score like test events: p-value, and AUC of both; failed: null tests that fail, by name;
    titles: display name by class; unit: of the variable of the bins
    """

    rows: Sequence[Mapping[str, Any]]
    points: Mapping[str, Sequence[Mapping[str, Any]]]
    events: Mapping[str, int]
    truth: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    bins: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    fired: Mapping[str, Mapping[int, Sequence[str]]] = field(default_factory=dict)
    contamination: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    training: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    failed: Sequence[str] = ()
    oracle: str | None = None
    baseline: str | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""

    def of_class(self, name: str) -> str:
        """Display name of a class."""
        return self.titles.get(name, name)


@dataclass(frozen=True)
class Verdict:
    """The answer for a sample.

    level: one of USABLE, LIMITED, NOTHING; model: the one to use, None for none; compatible: others
    that are as good and usable; doubtful: models that are as good, but of which a diagnosis fired;
    point: its working point; sentences: the answer in words; limits: what restricts it
    """

    level: str
    model: str | None
    compatible: tuple[str, ...]
    doubtful: tuple[str, ...]
    point: Mapping[str, Any] | None
    sentences: tuple[str, ...]
    limits: tuple[Limit, ...]


def judge_sample(evidence: Evidence) -> Verdict:
    """The verdict on a sample: a function of its evidence alone.

    Usable are the chosen model and those that are compatible with it, the oracle apart, if no
    diagnosis fired for any of their seeds. The chosen one goes first, then the others by their AUC
    on validation events.
    """
    chosen = next((row["model"] for row in evidence.rows if row["chosen"]), None)
    if chosen is None:
        return Verdict(NOTHING, None, (), (), None, ("No model was chosen.",), ())
    good = [
        row
        for row in evidence.rows
        if (row["chosen"] or row["compatible"]) and row["model"] != evidence.oracle
    ]
    good.sort(key=lambda row: (row["model"] != chosen, -(row["validation_auc"] or 0)))
    names = [row["model"] for row in good]
    doubtful = tuple(name for name in names if _fired(evidence, name))
    usable = [name for name in names if name not in doubtful]
    if not usable:
        said = f"No model is usable: of {_listed(names)}, the best, diagnoses fired."
        return Verdict(NOTHING, None, (), doubtful, None, (said,), _diagnoses(evidence, doubtful))
    model, others = usable[0], tuple(usable[1:])
    point = headline_of(evidence.points[model])
    row = next(row for row in good if row["model"] == model)
    limits = tuple(_limits(evidence, row, point, doubtful))
    sentences = tuple(filter(None, (_use(evidence, usable, chosen), _cut(evidence, row, point))))
    level = LIMITED if limits else USABLE
    return Verdict(level, model, others, doubtful, point, sentences, limits)


def headline_of(points: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The row of the working point to quote.

    None with more than two classes, where there is one threshold for each of them.
    """
    if len({point["class"] for point in points}) > 1:
        return None
    name = headline({point["working_point"]: point["asked_for"] for point in points})
    return next((point for point in points if point["working_point"] == name), None)


def _use(evidence: Evidence, usable: Sequence[str], chosen: str) -> str:
    """usable: names of models, the one to use first; chosen: the one of the largest AUC."""
    auc = {row["model"]: number(row["validation_auc"], 4) for row in evidence.rows}
    model, *others = usable
    if model == chosen:
        said = f"Use {model}, which has the largest AUC on validation events ({auc[model]})"
    else:
        said = (
            f"Use {model}, with an AUC of {auc[model]} on validation events; {chosen}, which has "
            f"the largest ({auc[chosen]}), is set aside because a diagnosis fired"
        )
    if others:
        verb = "is" if len(others) == 1 else "are"
        named = _listed([f"{name} ({auc[name]})" for name in others])
        said += f"; {named} {verb} as good within the errors of test events"
    return f"{said}."


def _cut(evidence: Evidence, row: Mapping[str, Any], point: Mapping[str, Any] | None) -> str:
    seed = row["seeds"].split()
    of_seed = f" of seed {seed[0]}" if len(seed) > 1 else ""
    if point is None:
        value = quoted(
            *(
                None if row[name] is None else 100 * row[name]
                for name in ("accuracy_mean", "accuracy_total_low", "accuracy_total_high")
            )
        )
        return f"It assigns {value} % of the test events to their class."
    if missing(point["threshold"]):
        return ""
    signal, background = (evidence.of_class(name) for name in list(evidence.events)[:2])
    kept, rejected = (
        quoted(
            *(
                None if point[f"{name}{end}"] is None else 100 * point[f"{name}{end}"]
                for end in ("", "_low", "_high")
            )
        )
        for name in ("efficiency", "rejection")
    )
    by_truth = evidence.truth.get(row["model"], ())
    same = (one for one in by_truth if one["working_point"] == point["working_point"])
    truth = next(same, {"rejection": None})["rejection"]
    judged = "" if missing(truth) else f" ({number(100 * truth, 1)} % if judged by the simulation)"
    return (
        f"Cut at a score of {number(point['threshold'], 3)}{of_seed} ({point['working_point']}): "
        f"it keeps {kept} % of {signal} and rejects {rejected} % of {background}{judged}."
    )


def _limits(
    evidence: Evidence,
    row: Mapping[str, Any],
    point: Mapping[str, Any] | None,
    doubtful: Sequence[str],
) -> list[Limit]:
    limits = list(_diagnoses(evidence, doubtful))
    limits += [Limit("null tests", f"the null test {name} fails") for name in evidence.failed]
    limits += _of_closure(point) if point is not None else []
    limits += _of_training(evidence, row["model"])
    limits += _of_contamination(evidence, row["model"])
    limits += _of_bins(evidence, row["model"], point) if point is not None else []
    limits += _of_events(evidence, point)
    limits += _of_seeds(row)
    better = row.get("better_than_baseline_sigma")
    if row["model"] == evidence.baseline:
        limits.append(Limit("baseline", "no model is better than the baseline"))
    elif not missing(better) and better < 2:
        limits.append(
            Limit("baseline", f"it is only {number(better, 1)} \u03c3 above {evidence.baseline}")
        )
    return limits


def _diagnoses(evidence: Evidence, models: Sequence[str]) -> tuple[Limit, ...]:
    return tuple(
        Limit("diagnoses", f"{name} is as good, but a diagnosis fired in {_seeds(evidence, name)}")
        for name in models
    )


def _seeds(evidence: Evidence, model: str) -> str:
    seeds = [str(seed) for seed, found in evidence.fired[model].items() if found]
    return f"seed {seeds[0]}" if len(seeds) == 1 else f"seeds {_listed(seeds)}"


def _of_closure(point: Mapping[str, Any]) -> list[Limit]:
    value, low, high = (point.get(f"closure{end}") for end in ("", "_low", "_high"))
    if any(map(missing, (value, low, high))):
        return []
    error = value - low if value > 0 else high - value
    if abs(value) <= CLOSURE_ERRORS * error:
        return []
    off = number(abs(100 * value), 1)
    where = "above" if value > 0 else "below"
    return [Limit("closure", f"on test events it realises {off} % {where} its target")]


def _of_training(evidence: Evidence, model: str) -> list[Limit]:
    p, train, test = evidence.training.get(model, (None, None, None))
    if any(map(missing, (p, train, test))) or p >= MEMORISED or train <= test:
        return []
    areas = f"AUC {number(train, 3)}, of test events {number(test, 3)}"
    return [Limit("training", f"it has memorised training events ({areas})")]


def _of_contamination(evidence: Evidence, model: str) -> list[Limit]:
    value, low, high = evidence.contamination.get(model, (None, None, None))
    if missing(value) or missing(low) or value < CONTAMINATED:
        return []
    share = quoted(100 * value, 100 * low, 100 * high)
    background = evidence.of_class(list(evidence.events)[1])
    text = f"{share} % of {background} are like the signal, which limits the rejection"
    return [Limit("contamination", text)]


def _of_bins(evidence: Evidence, model: str, point: Mapping[str, Any]) -> list[Limit]:
    """Where a cut that is good in all keeps or rejects little: bins that are below a half."""
    signal, background = list(evidence.events)[:2]
    limits = []
    for name, verb in ((signal, "keeps"), (background, "rejects")):
        low = [
            row
            for row in evidence.bins.get(model, ())
            if row["class"] == name
            and row["working_point"] == point["working_point"]
            and not any(missing(row[key]) for key in ("low", "high", "efficiency_high"))
            and row["efficiency_high"] < HALF
        ]
        if low:
            places = _listed(_ranges(low, evidence.unit))
            where = f"{evidence.of_class(name)} in {low[0]['variable']} {places}"
            limits.append(Limit("bins", f"it {verb} less than half of {where}"))
    return limits


def _ranges(bins: Sequence[Mapping[str, Any]], unit: str) -> list[str]:
    """Bins with their efficiencies as few ranges: those that touch are one."""
    found: list[list[Mapping[str, Any]]] = []
    for one in bins:
        if found and found[-1][-1]["high"] == one["low"]:
            found[-1].append(one)
        else:
            found.append([one])
    unit = f" {unit}" if unit else ""
    return [
        f"{part[0]['low']:g} to {part[-1]['high']:g}{unit} ({_percent(part)})" for part in found
    ]


def _percent(bins: Sequence[Mapping[str, Any]]) -> str:
    """The efficiencies of bins in words: one number, or their range."""
    values = [number(100 * one["efficiency"], 0) for one in bins]
    ends = sorted(set(values), key=float)
    return f"{ends[0]} %" if len(ends) == 1 else f"{ends[0]} to {ends[-1]} %"


def _of_events(evidence: Evidence, point: Mapping[str, Any] | None) -> list[Limit]:
    few = {name: size for name, size in evidence.events.items() if size < FEW_EVENTS}
    if len(few) > FEW_NAMED:
        least = min(few, key=few.__getitem__)
        text = (
            f"fewer than {FEW_EVENTS} test events of {len(few)} of {len(evidence.events)} classes"
        )
        fewest = f"fewest of {evidence.of_class(least)}, {count(few[least])}"
        limits = [Limit("events", f"{text} ({fewest})")]
    else:
        limits = [
            Limit("events", f"only {count(size)} test events of {evidence.of_class(name)}")
            for name, size in few.items()
        ]
    if point is None or missing(point["rejection"]):
        return limits
    passed = round(point["background"] * (1 - point["rejection"]))
    if passed < FEW_PASSED:
        limits.append(Limit("events", f"only {passed} background events pass the cut"))
    return limits


def _of_seeds(row: Mapping[str, Any]) -> list[Limit]:
    spread, low, high = (row[f"auc{end}"] for end in ("_spread", "_low", "_high"))
    if any(map(missing, (spread, low, high))) or spread <= (high - low) / 2:
        return []
    return [Limit("seeds", "its seeds differ by more than the statistical error of one")]


def _fired(evidence: Evidence, model: str) -> bool:
    return any(evidence.fired.get(model, {}).values())


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
