rule select_events:
    """Apply the cuts of every class to one run, reading only the columns that they name."""
    input:
        raw=raw_files,
    output:
        events="<results>/{analysis}/events/run{run}.parquet",
        cutflow="<results>/{analysis}/events/run{run}.cutflow.csv",
    log:
        "<logs>/{analysis}/events/run{run}.log",
    benchmark:
        "<benchmarks>/{analysis}/events/run{run}.jsonl"
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=240,
    params:
        code=fingerprint("select_events.py"),
        files=run_files_of,
        run=lambda w: int(w.run),
        tree=lambda w: plan(w).settings.tree,
        channels=lambda w: plan(w).settings.channels,
        columns=lambda w: plan(w).columns(int(w.run)),
        classes=lambda w: plan(w).steps(int(w.run)),
        keep=lambda w: plan(w).settings.keep,
    message:
        "{wildcards.analysis}: selecting events of run {wildcards.run}"
    script:
        "../scripts/select_events.py"
