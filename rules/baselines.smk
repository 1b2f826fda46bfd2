rule fit_baseline:
    """Fit a baseline to a sample."""
    input:
        unpack(drawn("seen_columns", "model")),
        unpack(gathered(arrays=("arrays", "sample", "model"))),
    output:
        model=layout.BASELINE,
    log:
        layout.log("fit_baseline"),
    benchmark:
        layout.benchmark("fit_baseline")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 4000 * attempt,
        runtime=120,
    params:
        code=lambda w: plan(w).fitting_code("fit_baseline.py", w.model),
        model=ask("model", "model"),
        pulses=ask("pulses", "model"),
        classes=ask("classes", "sample"),
        matched=ask("matched", "sample"),
        seed=lambda w: int(w.seed),
    message:
        "{wildcards.analysis}: fitting {wildcards.model} on {wildcards.sample}"
    script:
        "../scripts/fit_baseline.py"
