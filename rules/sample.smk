rule build_sample:
    """Draw and split the events of a sample."""
    input:
        events=sample_events,
    output:
        events="<results>/{analysis}/samples/{sample}/events.parquet",
        drawn="<results>/{analysis}/samples/{sample}/drawn.csv",
    log:
        "<logs>/{analysis}/samples/{sample}/events.log",
    benchmark:
        "<benchmarks>/{analysis}/samples/{sample}/events.jsonl"
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 4000 * attempt,
        runtime=30,
    params:
        code=fingerprint("build_sample.py"),
        name=lambda w: w.sample,
        sample=lambda w: plan(w).sample(w.sample),
        classes=lambda w: plan(w).classes(w.sample),
    message:
        "{wildcards.analysis}: drawing sample {wildcards.sample}"
    script:
        "../scripts/build_sample.py"


rule gather_input:
    """Read one input of the drawn events, from the baskets that hold one of them."""
    input:
        events=rules.build_sample.output.events,
        raw=sample_raw_files,
    output:
        array="<results>/{analysis}/samples/{sample}/{input}.npy",
    log:
        "<logs>/{analysis}/samples/{sample}/{input}.log",
    benchmark:
        "<benchmarks>/{analysis}/samples/{sample}/{input}.jsonl"
    conda:
        "../envs/runsieve.yaml"
    threads: 2
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=240,
    params:
        code=fingerprint("gather_input.py"),
        files=sample_files,
        friends=sample_friends,
        input=lambda w: plan(w).settings.inputs[w.input].model_dump(mode="json"),
        tree=lambda w: plan(w).settings.tree,
        columns=lambda w: plan(w).input_columns(w.input),
    message:
        "{wildcards.analysis}: reading {wildcards.input} of sample {wildcards.sample}"
    script:
        "../scripts/gather_input.py"
