rule train_network:
    """Train a network on a sample."""
    input:
        events=rules.build_sample.output.events,
        arrays=model_arrays,
    output:
        model="<results>/{analysis}/models/{sample}/{model}/seed{seed}/model.keras",
        last="<results>/{analysis}/models/{sample}/{model}/seed{seed}/last.npz",
        history="<results>/{analysis}/models/{sample}/{model}/seed{seed}/history.csv",
        training="<results>/{analysis}/models/{sample}/{model}/seed{seed}/training.json",
    log:
        "<logs>/{analysis}/models/{sample}/{model}/seed{seed}.log",
    benchmark:
        "<benchmarks>/{analysis}/models/{sample}/{model}/seed{seed}.jsonl"
    conda:
        "../envs/tensorflow.yaml"
    threads: 2
    resources:
        mem_mb=lambda w, attempt: 6000 * attempt,
        runtime=lambda w, attempt: 720 * attempt,
    params:
        code=fingerprint("train_network.py"),
        network=lambda w: plan(w).model(w.model),
        classes=lambda w: plan(w).classes(w.sample),
        seed=lambda w: int(w.seed),
    message:
        "{wildcards.analysis}: training {wildcards.model} on {wildcards.sample}, "
        "seed {wildcards.seed} (an epoch a line in {log})"
    script:
        "../scripts/train_network.py"


rule diagnose_network:
    """Look for what may be wrong with a trained network."""
    input:
        events=rules.build_sample.output.events,
        arrays=model_arrays,
        model=rules.train_network.output.model,
        last=rules.train_network.output.last,
        history=rules.train_network.output.history,
        training=rules.train_network.output.training,
    output:
        diagnosis="<results>/{analysis}/models/{sample}/{model}/seed{seed}/diagnosis.json",
    log:
        "<logs>/{analysis}/models/{sample}/{model}/seed{seed}.diagnosis.log",
    benchmark:
        "<benchmarks>/{analysis}/models/{sample}/{model}/seed{seed}.diagnosis.jsonl"
    conda:
        "../envs/tensorflow.yaml"
    threads: 2
    resources:
        mem_mb=lambda w, attempt: 4000 * attempt,
        runtime=120,
    params:
        code=fingerprint("diagnose_network.py"),
        network=lambda w: plan(w).model(w.model),
        report=lambda w: plan(w).binning(),
        seed=lambda w: int(w.seed),
    message:
        "{wildcards.analysis}: diagnosing {wildcards.model} on {wildcards.sample}, "
        "seed {wildcards.seed}"
    script:
        "../scripts/diagnose_network.py"


rule fit_baseline:
    """Fit a baseline on a sample."""
    input:
        events=rules.build_sample.output.events,
        arrays=model_arrays,
    output:
        model="<results>/{analysis}/models/{sample}/{model}/seed{seed}/model.skops",
    log:
        "<logs>/{analysis}/models/{sample}/{model}/seed{seed}.fit.log",
    benchmark:
        "<benchmarks>/{analysis}/models/{sample}/{model}/seed{seed}.fit.jsonl"
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 4000 * attempt,
        runtime=120,
    params:
        code=fingerprint("fit_baseline.py"),
        model=lambda w: plan(w).model(w.model),
        classes=lambda w: plan(w).classes(w.sample),
        matched=lambda w: plan(w).settings.samples[w.sample].match is not None,
        seed=lambda w: int(w.seed),
    message:
        "{wildcards.analysis}: fitting {wildcards.model} on {wildcards.sample}"
    script:
        "../scripts/fit_baseline.py"
