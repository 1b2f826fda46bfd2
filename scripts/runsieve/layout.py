"""Paths of all files: the only place with path templates.

<data>, <results>, <logs> and <benchmarks> are Snakemake's pathvars, words in braces are wildcards.
`JOBS` gives, for each rule, the path that its logs and benchmarks share.
"""

from collections.abc import Iterable

RAW_RUN = "<data>/{analysis}/run{run}.root"
PICTURES = "<data>/{analysis}/run{run}.pictures.csv"

# Below <results>, <logs> and <benchmarks> alike.
_MODEL = "{analysis}/models/{sample}/{model}/seed{seed}"
_TEST = "{analysis}/tests/{sample}/{model}/seed{seed}"
_REPORT = "{analysis}/reports/{sample}/{model}"  # of all seeds

ANALYSIS = "<results>/{analysis}"
COMPUTED_COLUMNS = f"{ANALYSIS}/columns/run{{run}}.root"
EVENT_LIST = f"{ANALYSIS}/events/run{{runs}}.parquet"
RUN_CUTFLOW = f"{ANALYSIS}/events/run{{runs}}.cutflow.csv"
DISPLAY = f"{ANALYSIS}/displays/run{{run}}/event{{event}}.png"
STATISTICS = f"{ANALYSIS}/statistics.csv"
RATIOS = f"{ANALYSIS}/ratios.csv"
CUTFLOW = f"{ANALYSIS}/cutflow.csv"
POOLED_CUTFLOW = f"{ANALYSIS}/cutflow_pooled.csv"
PROVENANCE = f"{ANALYSIS}/provenance.json"
CONFIGURATION = f"{ANALYSIS}/configuration.yaml"
RESOURCES = f"{ANALYSIS}/resources.csv"
HOSTS = f"{ANALYSIS}/hosts.csv"
STATISTICS_FIGURE = f"{ANALYSIS}/statistics"
CUTFLOW_FIGURE = f"{ANALYSIS}/cutflow"

SAMPLE = f"{ANALYSIS}/samples/{{sample}}"
SAMPLE_EVENTS = f"{SAMPLE}/events.parquet"
DRAWN = f"{SAMPLE}/drawn.csv"
SAMPLE_DIGEST = f"{SAMPLE}/digest.json"
COLUMN_DIGEST = f"{SAMPLE}/columns/{{column}}.sha256"
DUPLICATES = f"{SAMPLE}/duplicates.csv"
SPECTRA = f"{SAMPLE}/spectra.csv"
INPUT = f"{SAMPLE}/{{input}}.npy"
PREVIOUS_INPUT = f"{SAMPLE}/previous/{{input}}.npy"  # a second name of the array
INPUT_DIGEST = f"{SAMPLE}/{{input}}.sha256"

MODEL = f"<results>/{_MODEL}"
NETWORK = f"{MODEL}/model.keras"
LAST_WEIGHTS = f"{MODEL}/last.npz"
TRAINING_STATE = f"{MODEL}/resume.npz"  # beside it, while it is trained: resume.lock
HISTORY = f"{MODEL}/history.csv"
TRAINING = f"{MODEL}/training.json"
DIAGNOSIS = f"{MODEL}/diagnosis.json"
CARD = f"{MODEL}/card.md"
ONNX = f"{MODEL}/model.onnx"
ONNX_REPORT = f"{MODEL}/onnx.json"
BASELINE = f"{MODEL}/model.skops"

TEST = f"<results>/{_TEST}"
SCORES = f"{TEST}/scores.parquet"
SHIFTED_SCORES = f"{TEST}/shifts.parquet"
CROSS_TEST_SCORES = f"{TEST}/cross_test_{{tested}}.parquet"

PICTURE_SCORES = f"{ANALYSIS}/scores/{{sample}}/{{model}}/seed{{seed}}/pictures.csv"
_RUN_SCORES = "{analysis}/scores/{sample}/{model}/seed{seed}/run{run}"
RUN_SCORES = f"<results>/{_RUN_SCORES}.root"  # a friend tree
RUN_SCORE_TABLE = f"<results>/{_RUN_SCORES}.parquet"

# The report of scored runs lies beside their scores, because it is of the same seed.
_SCORE_REPORT = "{analysis}/scores/{sample}/{model}/seed{seed}"
SCORED_SPECTRUM = f"<results>/{_SCORE_REPORT}/spectrum.csv"
SCORED_SPECTRUM_FIGURE = f"<results>/{_SCORE_REPORT}/spectrum"
STABILITY = f"<results>/{_SCORE_REPORT}/stability.csv"
STABILITY_FIGURE = f"<results>/{_SCORE_REPORT}/stability"
KEPT_EVENTS = f"<results>/{_SCORE_REPORT}/kept.csv"

SEARCH = f"{ANALYSIS}/searches/{{search}}"
STUDIES = f"{SEARCH}/studies"  # journals, one of each study, which jobs that are killed leave
SEARCH_WORKER = f"{SEARCH}/worker{{worker}}.json"
SEARCH_HISTORY = f"{SEARCH}/history.csv"
SEARCH_IMPORTANCES = f"{SEARCH}/importances.csv"
SEARCH_BEST = f"{SEARCH}/best.yaml"
SEARCH_FIGURE = f"{SEARCH}/search"
_EXPLANATION = "{analysis}/explanations/{sample}/{model}/seed{seed}"
ATTRIBUTIONS = f"<results>/{_EXPLANATION}/attributions.npz"
ATTRIBUTION_TABLE = f"<results>/{_EXPLANATION}/attribution.csv"
RANDOMISATION = f"<results>/{_EXPLANATION}/randomisation.csv"
EXPLANATION = f"<results>/{_EXPLANATION}/explanation.json"
ATTRIBUTION_FIGURE = f"<results>/{_EXPLANATION}/attribution"
EXPLAINED_EVENTS_FIGURE = f"<results>/{_EXPLANATION}/events"
FEATURE_MAPS_FIGURE = f"<results>/{_EXPLANATION}/feature_maps"

REPORTS = f"{ANALYSIS}/reports"
MODEL_REPORT = f"<results>/{_REPORT}"
METRICS = f"{MODEL_REPORT}/metrics.json"
RATES = f"{MODEL_REPORT}/rates.csv"
EFFICIENCY_TEXT = f"{MODEL_REPORT}/efficiency.txt"
COMPARISON = f"{REPORTS}/comparison.csv"
COMPARISON_LONG = f"{REPORTS}/comparison_long.csv"
COMPARISON_FIGURE = f"{REPORTS}/comparison"
CROSS_TESTS = f"{REPORTS}/cross_tests.csv"
CROSS_TESTS_FIGURE = f"{REPORTS}/cross_tests"
NULL_TESTS = f"{REPORTS}/null_tests.csv"
NULL_TESTS_FIGURE = f"{REPORTS}/null_tests"
SHIFTS = f"{REPORTS}/shifts.csv"
SHIFTS_FIGURE = f"{REPORTS}/shifts"
PAIRS = f"{REPORTS}/{{sample}}/pairs.csv"
PURITY = f"{REPORTS}/{{sample}}/purity.csv"
CHOICE = f"{REPORTS}/{{sample}}/choice.csv"
ROC_FIGURE = f"{REPORTS}/{{sample}}/roc"
DECISION = f"{REPORTS}/{{sample}}/decision.csv"
DECISION_FIGURE = f"{REPORTS}/{{sample}}/decision"
DOUBTED = "<results>/{analysis}/samples/{sample}/doubted.csv"
CLEANING = f"{REPORTS}/{{sample}}/cleaning.csv"
CLEANED_MODELS = f"{REPORTS}/{{sample}}/cleaned_models.csv"
DOUBTED_FIGURE = f"{REPORTS}/{{sample}}/doubted"
LEARNING_CURVE = f"{REPORTS}/{{sample}}/learning_curve.csv"
LEARNING_CURVE_FIGURE = f"{REPORTS}/{{sample}}/learning_curve"
GALLERY = f"{REPORTS}/{{sample}}/gallery.csv"
MISTAKEN = f"{REPORTS}/{{sample}}/mistaken.csv"
MISTAKEN_FIGURE = f"{REPORTS}/{{sample}}/mistaken"
GALLERY_FIGURE = f"{REPORTS}/{{sample}}/gallery"
CONTAMINATION = f"{REPORTS}/{{sample}}/contamination.csv"
CONTAMINATION_FIGURE = f"{REPORTS}/{{sample}}/contamination"
PAGE = "<results>/index.html"
CHECK = "<results>/check.txt"
CHECK_PAGE = "<results>/check.html"

JOBS = {
    "simulate_run": "{analysis}/simulate/run{run}",
    "ingest_run": "{analysis}/ingest/run{run}",
    "compute_columns": "{analysis}/columns/run{run}",
    "select_events": "{analysis}/events/run{runs}",
    "display_event": "{analysis}/displays/run{run}/event{event}",
    "summarise_data": "{analysis}/reports/data",
    "build_sample": "{analysis}/samples/{sample}",
    "clean_sample": "{analysis}/samples/{sample}.cleaning",
    "report_cleaning": "{analysis}/reports/{sample}/cleaning",
    "draw_doubted": "{analysis}/reports/{sample}/doubted",
    "limit_events": "{analysis}/samples/{sample}.limit",
    "draw_learning_curve": "{analysis}/reports/{sample}/learning_curve",
    "split_fold": "{analysis}/samples/{sample}.split",
    "digest_column": "{analysis}/samples/{sample}.columns/{column}",
    "summarise_spectra": "{analysis}/samples/{sample}.spectra",
    "find_duplicates": "{analysis}/samples/{sample}.duplicates",
    "gather_input": "{analysis}/samples/{sample}/{input}",
    "train_network": _MODEL,
    "diagnose_network": f"{_MODEL}.diagnosis",
    "export_network": f"{_MODEL}.onnx",
    "explain_network": f"{_EXPLANATION}/attributions",
    "draw_explanation": f"{_EXPLANATION}/figures",
    "fit_baseline": f"{_MODEL}.fit",
    "write_card": f"{_MODEL}.card",
    "search_worker": "{analysis}/searches/{search}/worker{worker}",
    "summarise_search": "{analysis}/searches/{search}/summary",
    "score_model": _TEST,
    "merge_folds": f"{_TEST}.folds",
    "cross_test_model": f"{_TEST}.cross_test_{{tested}}",
    "score_shifts": f"{_TEST}.shifts",
    "score_run": _RUN_SCORES,
    "report_scored_runs": f"{_SCORE_REPORT}/report",
    "score_pictures": "{analysis}/scores/{sample}/{model}/seed{seed}/pictures",
    "report_model": f"{_REPORT}/report",
    "report_rates": f"{_REPORT}/rates",
    "draw_training": f"{_REPORT}/training",
    "draw_mistaken": "{analysis}/reports/{sample}/mistaken",
    "draw_gallery": "{analysis}/reports/{sample}/gallery",
    "compare_models": "{analysis}/reports/comparison",
    "compare_pairs": "{analysis}/reports/{sample}/pairs",
    "estimate_contamination": "{analysis}/reports/{sample}/contamination",
    "summarise_purity": "{analysis}/reports/{sample}/purity",
    "compare_cross_tests": "{analysis}/reports/cross_tests",
    "compare_null_tests": "{analysis}/reports/null_tests",
    "compare_shifts": "{analysis}/reports/shifts",
    "draw_sample": "{analysis}/reports/{sample}/models",
    "write_provenance": "{analysis}/reports/provenance",
    "summarise_resources": "{analysis}/reports/resources",
    "build_page": "page",
    "check": "check",
}

# Parts of samples are samples of their own: a fold, with a name like SAMPLE/fold2, and one with
# fewer training events, like SAMPLE/events500. No model may have such a name.
FOLD, FEWER = r"fold\d+", r"events\d+"
PART = rf"(?:{FOLD}|{FEWER})"
SAMPLES = {"whole": r"\w+", "fold": rf"\w+/{FOLD}", "fewer": rf"\w+/{FEWER}"}

# Patterns of the wildcards, so that no path is ambiguous.
WILDCARDS = {
    **dict.fromkeys(("analysis", "column", "input", "search", "tested"), r"\w+"),
    **dict.fromkeys(("run", "event", "seed", "worker"), r"\d+"),
    "runs": r"\d+(?:-\d+)?",
    "sample": rf"\w+(?:/{PART})?",
    "model": rf"(?!{PART}\b)\w+",
}


def log(rule: str) -> str:
    """Path template of the logs of a rule's jobs."""
    return f"<logs>/{JOBS[rule]}.log"


def benchmark(rule: str) -> str:
    """Path template of the benchmarks of a rule's jobs."""
    return f"<benchmarks>/{JOBS[rule]}.jsonl"


def table(name: str) -> str:
    """Path template of a table in a model's report."""
    return f"{MODEL_REPORT}/{name}.csv"


def model_figure(name: str) -> str:
    """Path template of a figure in a model's report, without suffix."""
    return f"{MODEL_REPORT}/{name}"


def figure_files(figure: str, formats: Iterable[str] = ()) -> list[str]:
    """The files of a figure: SVG for the page and the report, then those of other formats."""
    return [f"{figure}.{ending}" for ending in ("svg", *formats)]


def in_formats(files: Iterable[str], formats: Iterable[str]) -> list[str]:
    """Files, and those of their figures in other formats."""
    files = list(files)
    figures = [file.removesuffix(".svg") for file in files if file.endswith(".svg")]
    return files + [f"{figure}.{ending}" for figure in figures for ending in formats]


def fill(template: str, **wildcards: object) -> str:
    """Fill in the named wildcards of a template; the others are left as they are."""
    for name, value in wildcards.items():
        template = template.replace(f"{{{name}}}", str(value))
    return template


def digest(array: str) -> str:
    """The file with the digest of an array of a sample, see `INPUT_DIGEST`."""
    return array.removesuffix(".npy") + ".sha256"


def fold(sample: str, number: int) -> str:
    """Name of a fold as a sample."""
    return f"{sample}/fold{number}"


def fewer(sample: str, events: int) -> str:
    """Name of a sample with this number of training events of each class at most."""
    return f"{sample}/events{events}"


def whole(sample: str) -> str:
    """The sample that a part (a fold, or fewer events) is of; any other sample is itself whole."""
    return sample.split("/")[0]
