rule limit_events:
    """Take fewer training events of a sample, for its learning curve."""
    input:
        events=lambda w: plan(w).path(layout.SAMPLE_EVENTS, sample=layout.whole(w.sample)),
    output:
        events=layout.SAMPLE_EVENTS,
        digest=layout.SAMPLE_DIGEST,
    log:
        layout.log("limit_events"),
    benchmark:
        layout.benchmark("limit_events")
    wildcard_constraints:
        sample=layout.SAMPLES["fewer"],
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=30,
    params:
        code=fingerprint("limit_events.py"),
        name=lambda w: w.sample,
        number=lambda w: training_events(plan(w), w.sample),
        sample=ask("sample", "sample"),
    message:
        "{wildcards.analysis}: fewer events, {wildcards.sample}"
    script:
        "../scripts/limit_events.py"


rule draw_learning_curve:
    """Write and draw how good models are that were trained on fewer events."""
    input:
        scores=lambda w: curve_scores(plan(w), w.sample),
    output:
        table=table(layout.LEARNING_CURVE, "learning_curve", "learning curve"),
        figures=figure(layout.LEARNING_CURVE_FIGURE, "learning_curve", figure="learning curve"),
    log:
        layout.log("draw_learning_curve"),
    benchmark:
        layout.benchmark("draw_learning_curve")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=fingerprint("draw_learning_curve.py"),
        classes=ask("classes", "sample"),
        models=lambda w: [model for model, _ in curve_trainings(plan(w), w.sample)],
        order=order,
        titles=ask("sample_titles", "sample"),
        name=lambda w: w.sample,
        simulated=ask("simulated"),
    message:
        "{wildcards.analysis}: learning curve of {wildcards.sample}"
    script:
        "../scripts/draw_learning_curve.py"
