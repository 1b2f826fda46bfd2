rule clean_sample:
    """Leave out the training and validation events of a sample whose label is doubted."""
    input:
        events=ask("origin_events", "sample"),
        scores=lambda w: judging_scores(plan(w), w.sample),
    output:
        events=layout.SAMPLE_EVENTS,
        digest=layout.SAMPLE_DIGEST,
        drawn=layout.DRAWN,
        doubted=layout.DOUBTED,
    log:
        layout.log("clean_sample"),
    benchmark:
        layout.benchmark("clean_sample")
    wildcard_constraints:
        analysis=rf"(?!{frozen_samples(PLANS)}){cleaned_samples(PLANS)}",
        sample=layout.SAMPLES["whole"],
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 4000 * attempt,
        runtime=60,
    params:
        code=fingerprint("clean_sample.py"),
        sample=ask("sample", "sample"),
        classes=ask("classes", "sample"),
    message:
        "{wildcards.analysis}: cleaning sample {wildcards.sample}"
    script:
        "../scripts/clean_sample.py"


rule report_cleaning:
    """Report what cleaning a sample found, and what models gained on the same test events."""
    input:
        unpack(gathered(truth=("truth_arrays", "sample"))),
        events=ask("origin_events", "sample"),
        doubted=layout.DOUBTED,
        before=lambda w: scores_before(plan(w), w.sample),
        after=lambda w: scores_after(plan(w), w.sample),
    output:
        cleaning=table(layout.CLEANING, "cleaning", "cleaning"),
        models=table(layout.CLEANED_MODELS, "cleaning", "models before and after cleaning"),
    log:
        layout.log("report_cleaning"),
    benchmark:
        layout.benchmark("report_cleaning")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=30,
    params:
        code=fingerprint("report_cleaning.py"),
        classes=ask("classes", "sample"),
        processes=ask("truth_processes"),
        trainings=lambda w: trained_before_and_after(plan(w), w.sample),
    message:
        "{wildcards.analysis}: what cleaning {wildcards.sample} did"
    script:
        "../scripts/report_cleaning.py"


rule draw_doubted:
    """Draw the events of a sample whose label is doubted most."""
    input:
        unpack(gathered(arrays=("doubted_arrays", "sample"))),
        events=ask("origin_events", "sample"),
        doubted=layout.DOUBTED,
    output:
        figures=figure(layout.DOUBTED_FIGURE, "doubted", figure="doubted labels"),
    log:
        layout.log("draw_doubted"),
    benchmark:
        layout.benchmark("draw_doubted")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=30,
    params:
        code=fingerprint("draw_doubted.py"),
        inputs=ask("doubted_inputs", "sample"),
        titles=ask("sample_titles", "sample"),
        name=lambda w: w.sample,
        simulated=ask("simulated"),
    message:
        "{wildcards.analysis}: drawing doubted labels of {wildcards.sample}"
    script:
        "../scripts/draw_doubted.py"
