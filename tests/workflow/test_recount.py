"""Every table of a finished run, computed again from its scores by code of the tests alone.

Values, counts and intervals that have a formula agree to the eight digits that are written. Those
of the contamination are found by halving, with a table that is interpolated, and agree to 1e-5.
Intervals from a bootstrap, or from drawn numbers, depend on the draws: their ends must be in order,
and near those of a bootstrap of the tests, as far as two small ones agree.
"""

import numpy as np
import pandas as pd
import pytest

from helpers.recount import comparisons, model_tables, summary
from helpers.recount.agreement import (
    require_agreement,
    require_ends,
    require_metrics,
    require_same_numbers,
)
from helpers.recount.contamination import ROUGH, contamination
from helpers.recount.events import pooled_cutflow, purity
from helpers.recount.gallery import gallery
from helpers.recount.model_tables import TABLES, factor
from helpers.recount.rates import livetime, rates
from helpers.recount.results import Results
from helpers.recount.scored import threshold_of
from helpers.recount.summary import headline, with_bootstrap

pytestmark = pytest.mark.workflow
BOOTSTRAPPED = {
    "working_points": [
        f"{name}_{end}" for name in ("closure", "at_target") for end in ("low", "high")
    ]
}
OF_MODELS = {*TABLES, "roc", "rates"}
TOGETHER = {"comparison", "comparison_long", "pairs", "choice", "decision", "purity"}
TOGETHER |= {"contamination", "gallery", "null_tests", "shifts"}


@pytest.fixture(scope="module")
def analyses(finished) -> list[Results]:
    return [Results(finished.folder, name) for name in ("cosine", "foreign")]


def judgements(analyses: list[Results], table: str):
    """A written table, the scored events that it is from, and where it is."""
    for one in analyses:
        for training in one.trainings:
            written, judged = one.table(*training, table), one.judged(*training)
            assert list(dict.fromkeys(written["against"])) == list(judged)
            for against, scored in judged.items():
                part = written[written["against"] == against].drop(columns="against")
                yield part, scored, f"{table} of {training}, {against}"


def agree(written, recounted, place, **arguments):
    try:
        require_agreement(written, recounted, **arguments)
    except AssertionError as error:
        raise AssertionError(f"{place}: {error}") from None


def test_every_table_has_a_recount(finished):
    found = {path.stem for path in (finished.folder / "results").glob("*/reports/**/*.csv")}
    assert found == OF_MODELS | TOGETHER


@pytest.mark.parametrize("table", TABLES)
def test_table_of_a_model_follows_from_its_scores(analyses, table):
    for written, scored, place in judgements(analyses, table):
        left_out = BOOTSTRAPPED.get(table, ())
        rough = {"p_homogeneity": (0, 0.03)} if table == "groups" else None
        agree(written, TABLES[table](scored), place, left_out=left_out, rough=rough)


def test_efficiencies_of_both_judgements_differ(analyses):
    table = analyses[0].table("crystal3", "dnn", 1, "efficiency")
    label, truth = (table[table["against"] == name] for name in ("label", "truth"))
    assert label["passed"].tolist() != truth["passed"].tolist()


def test_curves_keep_what_they_say_and_no_corner_is_missing(analyses):
    for written, scored, place in judgements(analyses, "roc"):
        agree(written, model_tables.roc(scored, written), place)
        areas = []
        for _, curve in written.groupby("class"):
            assert curve["threshold"].iloc[0] == np.inf
            assert (curve["threshold"].diff()[1:] < 0).all()
            assert curve["signal_efficiency"].iloc[-1] == 1
            areas.append(
                np.trapezoid(curve["signal_efficiency"], 1 - curve["background_rejection"])
            )
        area = comparisons.area_under_curve(*comparisons.arrays(scored.test, scored.classes))
        assert np.mean(areas) == pytest.approx(area, abs=1e-7)


def test_intervals_of_working_points_are_those_of_another_bootstrap(analyses):
    for written, scored, place in judgements(analyses, "working_points"):
        rows = {(row["working_point"], row["class"]): row for row in written.to_dict("records")}
        drawn = model_tables.resampled(scored, threshold_of)
        for (name, one, quantity), (samples, events) in drawn.items():
            ends = (rows[name, one][quantity + suffix] for suffix in ("", "_low", "_high"))
            where = f"{place}: {quantity} of {name}"
            require_ends(*ends, samples, where, events)


def test_metrics_follow_from_the_scores(analyses):
    for one in analyses:
        for training in one.trainings:
            written = one.metrics(*training)
            recounted, place = one.summary(*training), "/".join(map(str, training))
            about = set(written) - set(recounted)
            assert about == {"bootstrap", "seed", "parameters", "warnings"}
            for name in ("classes", "events", "outside"):
                assert written[name] == recounted[name], place
            assert written["majority"] == pytest.approx(recounted["majority"])
            require_same_numbers(written["train_against_test"], recounted["train_against_test"])
            for key, against in (("metrics", "label"), ("against_truth", "truth")):
                if recounted[key] is None:
                    assert written[key] is None, place
                    continue
                scored = one.judged(*training)[against]
                require_metrics(written[key], recounted[key], f"{place}, {against}")
                for name, (low, high) in summary.drawn_intervals(scored).items():
                    ends = written[key][name]
                    assert ends["low"] == pytest.approx(low, abs=0.05 * (high - low)), name
                    assert ends["high"] == pytest.approx(high, abs=0.05 * (high - low)), name
                for name, samples in summary.resampled(scored).items():
                    ends = [written[key][name][part] for part in summary.PARTS]
                    events = summary.rejected_from(scored) if name == "rejection" else None
                    require_ends(*ends, samples, f"{place}: {name}, {against}", events)
                factors = written[key].get("rejection_factor")
                for part in summary.PARTS if factors else ():
                    exact = written[key]["rejection"][part]
                    assert factors[part] == (None if exact == 1 else pytest.approx(factor(exact)))


def firsts_with(one: Results, table: str) -> list[tuple[str, str, int]]:
    """The first training of each model whose report has a table that not every report has."""
    seed = one.settings.get("seeds", [1])[0]
    firsts = [training for training in one.trainings if training[2] == seed]
    return [training for training in firsts if one.report(*training[:2], table).exists()]


def test_rates_follow_from_event_lists_and_scores(analyses):
    one, foreign = analyses
    sheet, scales = one.run_sheet, one.settings["simulate"]["scale"]
    timed = sheet.loc[sheet["livetime"].notna(), "run"]
    livetimes = {run: livetime(sheet, run, scales) for run in timed}
    assert {sample for sample, _, _ in firsts_with(one, "rates.csv")} == set(one.samples)
    assert not firsts_with(foreign, "rates.csv")
    for training in firsts_with(one, "rates.csv"):
        written = pd.read_csv(one.report(*training[:2], "rates.csv"))
        channels = one.settings["samples"][training[0]]["channels"]
        scored = one.judged(*training)["label"]
        agree(written, rates(scored, one.results / "events", channels, livetimes), training)
        assert written["events"].sum() > written["total"].sum() > written["passed"].sum() > 0


def test_contamination_follows_from_the_scores(analyses):
    one, foreign = analyses
    assert {path.parent.name for path in one.reports.glob("*/contamination.csv")} == {*one.samples}
    assert not list(foreign.reports.glob("*/contamination.csv"))
    seed = one.settings.get("seeds", [1])[0]
    for sample in one.samples:
        written = pd.read_csv(one.reports / sample / "contamination.csv")
        models = [model for model, own in one.of_sample(sample) if own == seed]
        assert written["model"].drop_duplicates().tolist() == models
        for model, part in written.groupby("model", sort=False):
            recounted = contamination(one.judged(sample, model, seed)["label"])
            halved = [name for name in recounted if "estimated" in name or "change" in name]
            mine = part.drop(columns="model").reset_index(drop=True)
            agree(mine, recounted, (sample, model), rough=dict.fromkeys(halved, ROUGH))


def test_galleries_follow_from_the_scores(analyses):
    for one, models in zip(analyses, ({"dnn", "gradient_boosting"}, {"small"}), strict=True):
        for sample in one.samples:
            written = pd.read_csv(one.reports / sample / "gallery.csv")
            choice = pd.read_csv(one.reports / sample / "choice.csv")
            able = choice[choice["model"].isin(models)].sort_values("validation_auc")
            (model,) = set(written.pop("model"))
            assert model == able["model"].iloc[-1]
            (seed, *_) = (own for name, own in one.of_sample(sample) if name == model)
            scored = one.judged(sample, model, seed)["label"]
            events = pd.read_parquet(one.results / "samples" / sample / "events.parquet")
            agree(written, gallery(scored, events, 4), (sample, model))


def test_purities_follow_from_the_simulated_processes(analyses):
    one, foreign = analyses
    assert not list(foreign.reports.glob("*/purity.csv"))
    for sample in one.samples:
        folder = one.results / "samples" / sample
        events = pd.read_parquet(folder / "events.parquet")
        events["process"] = np.load(folder / "process.npy")[events["row"]].ravel()
        scored = one.of_sample(sample)["dnn", 1]
        path = one.reports / sample / "purity.csv"
        agree(pd.read_csv(path), purity(scored, events, one.settings["truth"]["processes"]), path)


def test_pooled_cut_flows_follow_from_those_of_the_runs(analyses):
    for one in analyses:
        flow = pd.read_csv(one.results / "cutflow.csv", keep_default_na=False)
        path = one.results / "cutflow_pooled.csv"
        written = pd.read_csv(path).fillna({"cut": ""})
        agree(written, pooled_cutflow(flow, list(one.settings["classes"])), path)


def test_decisions_follow_from_the_scores(analyses):
    for one in analyses:
        seed = one.settings.get("seeds", [1])[0]
        for path in one.reports.glob("*/decision.csv"):
            written = pd.read_csv(path)
            models = [model for model, own in one.of_sample(path.parent.name) if own == seed]
            assert written["model"].drop_duplicates().tolist() == models
            for model, part in written.groupby("model", sort=False):
                scored = one.judged(path.parent.name, model, seed)["label"]
                recounted = TABLES["efficiency"](scored)
                quoted = headline(scored) or (recounted["working_point"].iloc[0],)
                quoted = recounted[recounted["working_point"] == quoted[0]]
                mine = part.drop(columns="model").reset_index(drop=True)
                agree(mine, quoted.reset_index(drop=True), path)


def test_pairs_follow_from_all_pairs_of_events(analyses):
    for one in analyses:
        for path in one.reports.glob("*/pairs.csv"):
            seed = one.settings.get("seeds", [1])[0]
            agree(pd.read_csv(path), comparisons.pairs(one.of_sample(path.parent.name), seed), path)


def test_choice_follows_from_validation_and_all_pairs_of_events(analyses):
    for one in analyses:
        names = (one.settings.get(key) for key in ("baseline", "oracle"))
        baseline, oracle = names
        for path in one.reports.glob("*/choice.csv"):
            recounted = comparisons.choice(one.of_sample(path.parent.name), baseline, oracle)
            agree(pd.read_csv(path), recounted, path)


def test_comparison_follows_from_the_scores_of_all_models(analyses):
    for one in analyses:
        trainings = [training for training in one.trainings if training[0] in one.samples]
        summaries, parameters = {}, {}
        for training in trainings:
            written = one.metrics(*training)
            summaries[training] = with_bootstrap(one.summary(*training), written)
            parameters[training[:2]] = written["parameters"]
        samples = {sample: one.of_sample(sample) for sample in one.samples}
        names = (one.settings.get(key) for key in ("baseline", "oracle"))
        recounted = comparisons.comparison(samples, summaries, parameters, *names)
        path = one.reports / "comparison.csv"
        written = pd.read_csv(path, dtype={"seeds": str})
        agree(written, recounted, path, digits=comparisons.DIGITS)
        path = one.reports / "comparison_long.csv"
        written = pd.read_csv(path, dtype={"seed": str})
        recounted = comparisons.comparison_long(summaries)
        agree(written, recounted, path, digits=comparisons.DIGITS)


def test_null_tests_follow_from_ranks(analyses):
    one = analyses[0]
    tests = {
        training: one.judged(*training)["label"]
        for training in one.trainings
        if training[0] in one.null_tests
    }
    names = {("crystal3_runs", "run1601"): "run 1601 and run 1765 of signal"}
    path = one.reports / "null_tests.csv"
    written = pd.read_csv(path)
    agree(written, comparisons.null_tests(tests, names), path, left_out=["warning"])
    assert written["warning"].isna().tolist() == written["passed"].tolist()


def test_shifts_follow_from_the_scores_of_the_same_events(analyses):
    one = analyses[0]
    tests = {}
    for sample, model, seed in one.trainings:
        path = one.scores(sample, model, seed).with_name("shifts.parquet")
        if path.exists():
            tests[sample, model] = one.judged(sample, model, seed)["label"], path
    path = one.reports / "shifts.csv"
    written = pd.read_csv(path)
    said = {"gain_down": "gain \u221210 %", "gain_up": "gain +10 %", "noise": "noise +1 ADC counts"}
    said |= {"energy_down": "energy \u22125 %", "energy_up": "energy +5 %"}
    agree(written, comparisons.shifts(tests, said), path)
