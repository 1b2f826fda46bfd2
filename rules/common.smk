from runsieve.code import fingerprint
from runsieve.config.load import load, load_main
from runsieve.ingest.folders import listing
from runsieve.plan import Plan
from runsieve.runs.files import local
from runsieve.simulate.models import source


def resolved(paths):
    """Paths with Snakemake's <pathvars> filled in, for params, where Snakemake does not do it."""
    if isinstance(paths, dict):
        return {name: resolved(path) for name, path in paths.items()}
    return workflow.pathvars.apply(paths)


MODEL_FIGURES = ["table", "efficiency", "scores", "roc", "confusion"]
REPORT = "<results>/{analysis}/reports/{sample}/{model}/seed{seed}"

try:
    SHOWN = load_main(config).show
    PLANS = {name: Plan(loaded, resolved("<data>")) for name, loaded in load(config).items()}
except RunsieveError as error:
    raise WorkflowError(str(error))


def plan(wildcards):
    """The plan of the analysis that a job belongs to."""
    return PLANS[wildcards.analysis]


def models_in(folder, networks):
    """Regular expression for {analysis} where the path below `folder` names a network, or none.

    A model's name alone does not say what it is: two analyses may use one name for two things. So
    the expression looks ahead, from the analysis to the model.
    """
    analyses = []
    for name, one in PLANS.items():
        models = [m for m in one.settings.models if one.is_network(m) == networks]
        if models:
            analyses.append(rf"{name}(?=/{folder}/\w+/(?:{'|'.join(models)})/)")
    return "|".join(analyses) or "(?!)"


def runs_that(are):
    """Regular expression for {analysis} where the file name after it is of such a run, or none.

    `are`: simulated or ingested.
    """
    analyses = []
    for name, one in PLANS.items():
        numbers = [str(number) for number, run in one.runs.items() if getattr(run, are)]
        if numbers:
            analyses.append(rf"{name}(?=/run(?:{'|'.join(numbers)})\.)")
    return "|".join(analyses) or "(?!)"


def packed_pictures(wildcards):
    """The .npz file that a run is made of; a folder is watched by its listing."""
    source = plan(wildcards).runs[int(wildcards.run)].files
    return [] if Path(source).is_dir() else [source]


def picture_listing(wildcards):
    """Hash of the names and sizes of the pictures in a folder."""
    source = Path(plan(wildcards).runs[int(wildcards.run)].files)
    return listing(source) if source.is_dir() else ""


def raw_files(wildcards):
    """Files of a run that Snakemake can watch; root:// addresses are read, not watched."""
    return local(run_files_of(wildcards))


def run_files_of(wildcards):
    """All files of a run."""
    try:
        return plan(wildcards).files(int(wildcards.run))
    except RunsieveError as error:
        raise WorkflowError(str(error))


def sample_events(wildcards):
    """Event lists that a sample draws from."""
    runs = plan(wildcards).sample_runs(wildcards.sample)
    return [f"<results>/{wildcards.analysis}/events/run{run}.parquet" for run in runs]


def sample_files(wildcards):
    """Run: raw files, for the runs of a sample."""
    one = plan(wildcards)
    try:
        return {run: one.files(run) for run in one.sample_runs(wildcards.sample)}
    except RunsieveError as error:
        raise WorkflowError(str(error))


def sample_friends(wildcards):
    """Run: files that hold an input, for the runs of a sample."""
    one = plan(wildcards)
    try:
        runs = one.sample_runs(wildcards.sample)
        return {run: one.input_files(run, wildcards.input) for run in runs}
    except RunsieveError as error:
        raise WorkflowError(str(error))


def sample_raw_files(wildcards):
    """Files that an input of a sample is read from, as far as Snakemake can watch them."""
    both = sample_files(wildcards), sample_friends(wildcards)
    files = [file for runs in both for of_run in runs.values() for file in local(of_run)]
    return list(dict.fromkeys(files))


def display_friends(wildcards):
    """Input: files that hold it for a run, for the inputs that a display shows."""
    one = plan(wildcards)
    try:
        return {name: one.input_files(int(wildcards.run), name) for name in one.displayed_inputs()}
    except RunsieveError as error:
        raise WorkflowError(str(error))


def display_files(wildcards):
    """Files that a display is read from, as far as Snakemake can watch them."""
    files = [run_files_of(wildcards), *display_friends(wildcards).values()]
    return list(dict.fromkeys(file for some in files for file in local(some)))


def shown_events(wildcards):
    """A display of each event that the configuration names, in every analysis with its run."""
    displays = []
    for event in SHOWN:
        run, number = event.split("/")
        found = [name for name, one in PLANS.items() if int(run) in one.runs]
        if not found:
            raise WorkflowError(f"show: no analysis takes events from run {run}")
        displays += [f"<results>/{name}/displays/run{run}/event{number}.png" for name in found]
    if not displays:
        raise WorkflowError("name the events to draw: snakemake events --config 'show=RUN/EVENT'")
    return displays


def model_arrays(wildcards):
    """The arrays that a model sees, if it sees any."""
    folder = f"<results>/{wildcards.analysis}/samples/{wildcards.sample}"
    return [f"{folder}/{name}.npy" for name in plan(wildcards).model_inputs(wildcards.model)]


def figure(path, caption, **labels):
    """A figure as SVG in Snakemake's report, under analysis and sample."""
    subcategory = "{sample}" if "{sample}" in path else "data and comparison"
    return report(
        f"{path}.svg",
        caption=f"../report/{caption}.rst",
        category="{analysis}",
        subcategory=subcategory,
        labels=labels,
    )


def model_figure(name):
    """A figure of one model."""
    return figure(f"{REPORT}/{name}", name, model="{model}", seed="{seed}", figure=name)


def run_lists(wildcards, ending):
    """A file of every run of an analysis."""
    runs = plan(wildcards).runs
    return [f"<results>/{wildcards.analysis}/events/run{run}.{ending}" for run in runs]


def of_trained(wildcards, name):
    """A report file of every model, in the order of Plan.trained."""
    return [
        f"<results>/{wildcards.analysis}/reports/{sample}/{model}/seed{seed}/{name}"
        for sample, model, seed in plan(wildcards).trained()
    ]


def of_sample(wildcards, name):
    """A report file of every model of a sample, with the first seed."""
    one = plan(wildcards)
    return [
        f"<results>/{wildcards.analysis}/reports/{wildcards.sample}/{model}/"
        f"seed{one.settings.seeds[0]}/{name}"
        for model in one.models(wildcards.sample)
    ]


def scores_of_sample(wildcards):
    """Scores of every model of a sample, with the first seed."""
    one = plan(wildcards)
    return [
        f"<results>/{wildcards.analysis}/tests/{wildcards.sample}/{model}/"
        f"seed{one.settings.seeds[0]}/scores.parquet"
        for model in one.models(wildcards.sample)
    ]


def crossed_scores(wildcards):
    """Scores of the models on other samples and their own, in the order of Plan.crossed."""
    one = plan(wildcards)
    seed = one.settings.seeds[0]
    return [
        f"<results>/{wildcards.analysis}/tests/{sample}/{model}/seed{seed}/"
        + ("scores.parquet" if other == sample else f"on_{other}.parquet")
        for model, sample, other in one.crossed()
    ]


def other_events(wildcards):
    """The events of the sample that is tested on."""
    return f"<results>/{wildcards.analysis}/samples/{wildcards.other}/events.parquet"


def other_arrays(wildcards):
    """What a model sees of the sample that is tested on."""
    folder = f"<results>/{wildcards.analysis}/samples/{wildcards.other}"
    return [f"{folder}/{name}.npy" for name in plan(wildcards).model_inputs(wildcards.model)]


def page_files(name):
    """What the page shows of an analysis: a name and a path, or a path for each sample."""
    samples = PLANS[name].settings.samples
    root = f"<results>/{name}"
    crossed = PLANS[name].crossed()
    crossing = {"crossing_figure": f"{root}/reports/crossing.svg"} if crossed else {}
    return crossing | {
        "statistics": f"{root}/statistics.csv",
        "ratios": f"{root}/ratios.csv",
        "cutflow": f"{root}/cutflow.csv",
        "comparison": f"{root}/reports/comparison.csv",
        "statistics_figure": f"{root}/statistics.svg",
        "cutflow_figure": f"{root}/cutflow.svg",
        "comparison_figure": f"{root}/reports/comparison.svg",
        "drawn": {sample: f"{root}/samples/{sample}/drawn.csv" for sample in samples},
        "pairs": {sample: f"{root}/reports/{sample}/pairs.csv" for sample in samples},
        "roc_figures": {sample: f"{root}/reports/{sample}/roc.svg" for sample in samples},
    }


def page_inputs(wildcards):
    """All files that the page shows."""
    files = []
    for name, one in PLANS.items():
        for entry in page_files(name).values():
            files += entry.values() if isinstance(entry, dict) else [entry]
        files += [
            f"<results>/{name}/reports/{sample}/{model}/seed{seed}/metrics.json"
            for sample, model, seed in one.trained()
        ]
        files += [
            f"<results>/{name}/models/{sample}/{model}/seed{seed}/card.md"
            for sample, model, seed in one.trained()
            if one.is_network(model)
        ]
    return files


def page_plans(wildcards):
    """For each analysis what the page says of it, and where it finds that."""
    return [
        {
            **resolved(page_files(name)),
            **one.page(*(resolved(f"<results>/{name}/{part}") for part in ("reports", "models"))),
        }
        for name, one in PLANS.items()
    ]
