rule display_event:
    """Draw one event: every channel, its inputs, and the cuts that it passes."""
    input:
        raw=display_files,
    output:
        picture="<results>/{analysis}/displays/run{run}/event{event}.png",
    log:
        "<logs>/{analysis}/displays/run{run}/event{event}.log",
    benchmark:
        "<benchmarks>/{analysis}/displays/run{run}/event{event}.jsonl"
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        code=fingerprint("display_event.py"),
        run=lambda w: int(w.run),
        event=lambda w: int(w.event),
        files=run_files_of,
        friends=display_friends,
        tree=lambda w: plan(w).settings.tree,
        channels=lambda w: plan(w).settings.channels,
        channel_name=lambda w: plan(w).settings.channel_name,
        title=lambda w: plan(w).settings.title,
        columns=lambda w: plan(w).settings.columns,
        classes=lambda w: plan(w).steps(int(w.run)),
        inputs=lambda w: plan(w).displayed_inputs(),
    message:
        "{wildcards.analysis}: drawing event {wildcards.event} of run {wildcards.run}"
    script:
        "../scripts/display_event.py"
