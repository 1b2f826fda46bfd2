rule score_run:
    """Score the events of a whole run, as a friend tree of the run and as a table."""
    input:
        unpack(drawn()),
        raw=lambda w: scoring_sources(plan(w), int(w.run), w.sample, w.model),
        models=lambda w: scoring_models(plan(w), w.sample, w.model, int(w.seed)),
        scores=layout.SCORES,
    output:
        friend=layout.RUN_SCORES,
        table=layout.RUN_SCORE_TABLE,
    log:
        layout.log("score_run"),
    benchmark:
        layout.benchmark("score_run")
    wildcard_constraints:
        sample=layout.SAMPLES["whole"],
    conda:
        "../envs/scoring.yaml"
    threads: 2
    resources:
        mem_mb=lambda w, attempt: plan(w).family(w.model).memory * attempt,
        runtime=240,
    params:
        code=lambda w: plan(w).scoring_code("score_run.py", w.model),
        asked=lambda w: run_to_score(plan(w), int(w.run), w.sample, w.model),
        scorer=lambda w: plan(w).family(w.model).scorer,
        user_files=ask("user_files", "model"),
        sample=ask("sample", "sample"),
        classes=ask("classes", "sample"),
        prefixes=lambda w: branch_prefixes(plan(w), w.sample),
        working_points=ask("working_points"),
        told=lambda w: {key: w[key] for key in ("analysis", "sample", "model", "seed")},
    message:
        "{wildcards.analysis}: scoring run {wildcards.run} with {wildcards.model} of "
        "{wildcards.sample}"
    script:
        "../scripts/score_run.py"


rule score_pictures:
    """Score a folder of pictures without labels, as a table."""
    input:
        models=lambda w: scoring_models(plan(w), w.sample, w.model, int(w.seed)),
    output:
        table=layout.PICTURE_SCORES,
    log:
        layout.log("score_pictures"),
    benchmark:
        layout.benchmark("score_pictures")
    wildcard_constraints:
        sample=layout.SAMPLES["whole"],
    conda:
        "../envs/scoring.yaml"
    threads: 2
    resources:
        mem_mb=lambda w, attempt: plan(w).family(w.model).memory * attempt,
        runtime=240,
    params:
        code=lambda w: plan(w).scoring_code("score_pictures.py", w.model),
        folder=lambda w: plan(w).loaded.scored.settings.pictures,
        listing=lambda w: listing(Path(plan(w).loaded.scored.settings.pictures)),
        ingest=lambda w: plan(w).settings.ingest.model_dump(mode="json"),
        asked=lambda w: pictures_to_score(plan(w), w.model),
        scorer=lambda w: plan(w).family(w.model).scorer,
        user_files=ask("user_files", "model"),
        classes=ask("classes", "sample"),
    message:
        "{wildcards.analysis}: scoring pictures with {wildcards.model} of {wildcards.sample}"
    script:
        "../scripts/score_pictures.py"


rule report_scored_runs:
    """Report what a cut keeps of all scored runs: spectra, a list of events, and stability."""
    input:
        tables=lambda w: scores_of_runs(plan(w), w.sample, w.model, int(w.seed)),
        scores=layout.SCORES,
    output:
        spectrum=table(layout.SCORED_SPECTRUM, "scored_spectrum", "spectrum", "{model}"),
        stability=table(layout.STABILITY, "stability", "stability", "{model}"),
        kept=layout.KEPT_EVENTS,
        figures=[
            *figure(layout.SCORED_SPECTRUM_FIGURE, "scored_spectrum", "spectrum", "{model}"),
            *figure(layout.STABILITY_FIGURE, "stability", "stability", "{model}"),
        ],
    log:
        layout.log("report_scored_runs"),
    benchmark:
        layout.benchmark("report_scored_runs")
    wildcard_constraints:
        sample=layout.SAMPLES["whole"],
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=60,
    params:
        code=fingerprint("report_scored_runs.py"),
        runs=lambda w: described_runs(plan(w), w.sample),
        channels=lambda w: masses_of(plan(w), w.sample),
        classes=ask("classes", "sample"),
        titles=ask("sample_titles", "sample"),
        report=ask("axis"),
        working_points=ask("working_points"),
        name=lambda w: f"{w.model} on {w.sample}",
        simulated=lambda w: scored_simulation(plan(w)),
    message:
        "{wildcards.analysis}: reporting runs that were scored with {wildcards.model} of "
        "{wildcards.sample}"
    script:
        "../scripts/report_scored_runs.py"
