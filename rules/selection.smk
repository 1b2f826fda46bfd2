rule select_events:
    """Apply the cuts of every class to a batch of runs, reading only the columns that they name."""
    input:
        raw=ask("batch_sources", "runs"),
    output:
        events=layout.EVENT_LIST,
        cutflow=layout.RUN_CUTFLOW,
    log:
        layout.log("select_events"),
    benchmark:
        layout.benchmark("select_events")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=lambda w, attempt: plan(w).selection_minutes(w.runs) * attempt,
    params:
        code=fingerprint("select_events.py"),
        runs=ask("selections", "runs"),
        tree=setting("tree"),
        channels=setting("channels"),
        keep=setting("keep"),
        hit=lambda w: plan(w).hit,
        skip=skips,
    message:
        "{wildcards.analysis}: selecting events of run {wildcards.runs}"
    script:
        "../scripts/select_events.py"


rule summarise_data:
    """Count selected events by run, class and channel, and pool the cut flows."""
    input:
        cutflows=lambda w: plan(w).of_batches(layout.RUN_CUTFLOW),
    output:
        statistics=layout.STATISTICS,
        ratios=table(layout.RATIOS, "statistics", "selected events"),
        cutflow=table(layout.CUTFLOW, "cutflow", "cut flow"),
        pooled=layout.POOLED_CUTFLOW,
        statistics_figure=figure(layout.STATISTICS_FIGURE, "statistics", figure="statistics"),
        cutflow_figure=figure(layout.CUTFLOW_FIGURE, "cutflow", figure="cut flow"),
    log:
        layout.log("summarise_data"),
    benchmark:
        layout.benchmark("summarise_data")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=30,
    params:
        code=fingerprint("summarise_data.py"),
        classes=lambda w: list(plan(w).settings.classes),
        titles=ask("titles"),
        channel_name=setting("channel_name"),
        simulated=ask("simulated"),
        skip=lambda w: plan(w).skips_runs,
    message:
        "{wildcards.analysis}: counting events"
    script:
        "../scripts/summarise_data.py"


rule display_event:
    """Draw one event: for each channel that was hit its columns, cuts, scores and inputs."""
    input:
        raw=ask("display_sources", "run"),
        scores=lambda w: list(found_scores(plan(w), int(w.run)).values()),
        galleries=lambda w: list(found_galleries(plan(w), int(w.run)).values()),
    output:
        picture=layout.DISPLAY,
    log:
        layout.log("display_event"),
    benchmark:
        layout.benchmark("display_event")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=60,
    params:
        code=fingerprint("display_event.py"),
        run=lambda w: int(w.run),
        event=lambda w: int(w.event),
        files=ask("files", "run"),
        computed=ask("computed_file", "run"),
        friends=ask("display_friends", "run"),
        tree=setting("tree"),
        channels=setting("channels"),
        channel_name=setting("channel_name"),
        title=setting("title"),
        titles=ask("titles"),
        columns=ask("all_columns", "run"),
        classes=ask("steps", "run"),
        inputs=ask("displayed_inputs", "run"),
        hit=lambda w: plan(w).hit,
        simulated=lambda w: plan(w).runs[int(w.run)].simulated,
        scored=lambda w: list(found_scores(plan(w), int(w.run))),
        chosen=lambda w: list(found_galleries(plan(w), int(w.run))),
    message:
        "{wildcards.analysis}: drawing event {wildcards.event} of run {wildcards.run}"
    script:
        "../scripts/display_event.py"
