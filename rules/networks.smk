rule train_network:
    """Train a network on a sample."""
    input:
        unpack(drawn()),
        unpack(gathered(arrays=("arrays", "sample", "model"))),
    output:
        model=layout.NETWORK,
        last=layout.LAST_WEIGHTS,
        history=layout.HISTORY,
        training=layout.TRAINING,
    log:
        layout.log("train_network"),
    benchmark:
        layout.benchmark("train_network")
    conda:
        "../envs/tensorflow.yaml"
    threads: lambda w: plan(w).settings.models[w.model].training.threads
    resources:
        mem_mb=lambda w, attempt: 6000 * attempt,
        runtime=lambda w, attempt: 720 * attempt,
    params:
        code=lambda w: plan(w).fitting_code("train_network.py", w.model),
        network=ask("model", "model"),
        pulses=ask("pulses", "model"),
        classes=ask("classes", "sample"),
        seed=lambda w: int(w.seed),
        state=lambda w: plan(w).path(layout.TRAINING_STATE, **w),
    message:
        "{wildcards.analysis}: training {wildcards.model} on {wildcards.sample}, "
        "seed {wildcards.seed} (one line per epoch in {log})"
    script:
        "../scripts/train_network.py"


rule diagnose_network:
    """Run the diagnoses on a trained network."""
    input:
        unpack(drawn("reported_columns")),
        unpack(gathered(arrays=("arrays", "sample", "model"))),
        model=rules.train_network.output.model,
        last=rules.train_network.output.last,
        history=rules.train_network.output.history,
        training=rules.train_network.output.training,
    output:
        diagnosis=layout.DIAGNOSIS,
    log:
        layout.log("diagnose_network"),
    benchmark:
        layout.benchmark("diagnose_network")
    conda:
        "../envs/tensorflow.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 4000 * attempt,
        runtime=120,
    params:
        code=lambda w: plan(w).scoring_code("diagnose_network.py", w.model),
        network=ask("model", "model"),
        pulses=ask("pulses", "model"),
        classes=ask("classes", "sample"),
        report=ask("binning"),
        seed=lambda w: int(w.seed),
    message:
        "{wildcards.analysis}: diagnosing {wildcards.model} on {wildcards.sample}, "
        "seed {wildcards.seed}"
    script:
        "../scripts/diagnose_network.py"
