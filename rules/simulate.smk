rule simulate_run:
    """Write one raw run with the detector model, where the run sheet names no file."""
    output:
        run="<data>/{analysis}/run{run}.root",
    log:
        "<logs>/{analysis}/simulate/run{run}.log",
    benchmark:
        "<benchmarks>/{analysis}/simulate/run{run}.jsonl"
    wildcard_constraints:
        analysis=runs_that("simulated"),
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=720,
    params:
        code=lambda w: fingerprint("simulate_run.py", source(plan(w).settings.simulate.model)),
        model=lambda w: plan(w).settings.simulate.model,
        parameters=lambda w: plan(w).settings.simulate.parameters,
        seed=lambda w: plan(w).settings.simulate.seed,
        run=lambda w: int(w.run),
        kind=lambda w: plan(w).runs[int(w.run)].kind,
        events=lambda w: plan(w).events(int(w.run)),
        channels=lambda w: plan(w).settings.channels,
    message:
        "{wildcards.analysis}: simulating run {wildcards.run} ({params.events} triggers)"
    script:
        "../scripts/simulate_run.py"
