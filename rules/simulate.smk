rule simulate_run:
    """Write one raw run with the detector model, if the run sheet names no file."""
    output:
        run=layout.RAW_RUN,
    log:
        layout.log("simulate_run"),
    benchmark:
        layout.benchmark("simulate_run")
    wildcard_constraints:
        analysis=analyses_with(PLANS, "simulated"),
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=720,
    params:
        code=lambda w: known_fingerprint(
            "simulate_run.py", DETECTORS.source(plan(w).settings.simulate.model)
        ),
        model=lambda w: plan(w).settings.simulate.model,
        parameters=lambda w: plan(w).settings.simulate.parameters,
        seed=lambda w: plan(w).settings.simulate.seed,
        run=lambda w: int(w.run),
        kind=ask("kind", "run"),
        events=ask("events", "run"),
        channels=setting("channels"),
    message:
        "{wildcards.analysis}: simulating run {wildcards.run} ({params.events} triggers)"
    script:
        "../scripts/simulate_run.py"
