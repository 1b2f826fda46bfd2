rule compute_columns:
    """Compute columns of one run with user-supplied functions, as a friend tree."""
    input:
        raw=ask("computed_sources", "run"),
    output:
        columns=layout.COMPUTED_COLUMNS,
    log:
        layout.log("compute_columns"),
    benchmark:
        layout.benchmark("compute_columns")
    conda:
        "../envs/runsieve.yaml"
    threads: 2
    resources:
        mem_mb=lambda w, attempt: 4000 * attempt,
        runtime=240,
    params:
        code=ask("computed_code"),
        files=ask("files", "run"),
        run=lambda w: int(w.run),
        tree=setting("tree"),
        channels=setting("channels"),
        texts=ask("computed_texts", "run"),
        columns=ask("computed_settings"),
        inputs=ask("computed_inputs", "run"),
        friends=ask("computed_friends", "run"),
        skip=skips,
    message:
        "{wildcards.analysis}: computing columns of run {wildcards.run}"
    script:
        "../scripts/compute_columns.py"
