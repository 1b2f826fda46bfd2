rule score_network:
    """Score every event of a sample with a trained network."""
    input:
        events=rules.build_sample.output.events,
        arrays=model_arrays,
        model=rules.train_network.output.model,
    output:
        scores="<results>/{analysis}/tests/{sample}/{model}/seed{seed}/scores.parquet",
    log:
        "<logs>/{analysis}/tests/{sample}/{model}/seed{seed}.log",
    benchmark:
        "<benchmarks>/{analysis}/tests/{sample}/{model}/seed{seed}.jsonl"
    wildcard_constraints:
        analysis=models_in("tests", networks=True),
    conda:
        "../envs/tensorflow.yaml"
    threads: 2
    resources:
        mem_mb=lambda w, attempt: 4000 * attempt,
        runtime=120,
    params:
        code=fingerprint("score_network.py"),
        variable=lambda w: plan(w).settings.report.variable,
    message:
        "{wildcards.analysis}: testing {wildcards.model} on {wildcards.sample}"
    script:
        "../scripts/score_network.py"


rule score_baseline:
    """Score every event of a sample with a fitted baseline."""
    input:
        events=rules.build_sample.output.events,
        arrays=model_arrays,
        model=rules.fit_baseline.output.model,
    output:
        scores="<results>/{analysis}/tests/{sample}/{model}/seed{seed}/scores.parquet",
    log:
        "<logs>/{analysis}/tests/{sample}/{model}/seed{seed}.log",
    benchmark:
        "<benchmarks>/{analysis}/tests/{sample}/{model}/seed{seed}.jsonl"
    wildcard_constraints:
        analysis=models_in("tests", networks=False),
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 4000 * attempt,
        runtime=60,
    params:
        code=fingerprint("score_baseline.py"),
        variable=lambda w: plan(w).settings.report.variable,
    message:
        "{wildcards.analysis}: testing {wildcards.model} on {wildcards.sample}"
    script:
        "../scripts/score_baseline.py"


use rule score_network as score_network_elsewhere with:
    input:
        events=other_events,
        arrays=other_arrays,
        model=rules.train_network.output.model,
    output:
        scores="<results>/{analysis}/tests/{sample}/{model}/seed{seed}/on_{other}.parquet",
    log:
        "<logs>/{analysis}/tests/{sample}/{model}/seed{seed}.on_{other}.log",
    benchmark:
        "<benchmarks>/{analysis}/tests/{sample}/{model}/seed{seed}.on_{other}.jsonl"
    wildcard_constraints:
        analysis=models_in("tests", networks=True),
    message:
        "{wildcards.analysis}: testing {wildcards.model} of {wildcards.sample} on {wildcards.other}"


use rule score_baseline as score_baseline_elsewhere with:
    input:
        events=other_events,
        arrays=other_arrays,
        model=rules.fit_baseline.output.model,
    output:
        scores="<results>/{analysis}/tests/{sample}/{model}/seed{seed}/on_{other}.parquet",
    log:
        "<logs>/{analysis}/tests/{sample}/{model}/seed{seed}.on_{other}.log",
    benchmark:
        "<benchmarks>/{analysis}/tests/{sample}/{model}/seed{seed}.on_{other}.jsonl"
    wildcard_constraints:
        analysis=models_in("tests", networks=False),
    message:
        "{wildcards.analysis}: testing {wildcards.model} of {wildcards.sample} on {wildcards.other}"
