rule summarise_data:
    """Count what the selection left, by run, class and channel, and pool the cut flows."""
    input:
        events=lambda w: run_lists(w, "parquet"),
        cutflows=lambda w: run_lists(w, "cutflow.csv"),
    output:
        statistics="<results>/{analysis}/statistics.csv",
        ratios="<results>/{analysis}/ratios.csv",
        cutflow="<results>/{analysis}/cutflow.csv",
        statistics_figure=[
            figure("<results>/{analysis}/statistics", "statistics", figure="statistics"),
            "<results>/{analysis}/statistics.png",
        ],
        cutflow_figure=[
            figure("<results>/{analysis}/cutflow", "cutflow", figure="cut flow"),
            "<results>/{analysis}/cutflow.png",
        ],
    log:
        "<logs>/{analysis}/reports/data.log",
    benchmark:
        "<benchmarks>/{analysis}/reports/data.jsonl"
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=fingerprint("summarise_data.py"),
        classes=lambda w: list(plan(w).settings.classes),
        titles=lambda w: plan(w).titles(),
        channel_name=lambda w: plan(w).settings.channel_name,
    message:
        "{wildcards.analysis}: counting events"
    script:
        "../scripts/summarise_data.py"


rule report_baseline:
    """Tables, metrics and figures of a baseline on its test events."""
    input:
        scores=rules.score_baseline.output.scores,
    output:
        metrics=f"{REPORT}/metrics.json",
        efficiency=f"{REPORT}/efficiency.csv",
        efficiency_text=f"{REPORT}/efficiency.txt",
        confusion=f"{REPORT}/confusion.csv",
        classes=f"{REPORT}/classes.csv",
        roc=f"{REPORT}/roc.csv",
        figures=[
            *(model_figure(name) for name in MODEL_FIGURES),
            *(f"{REPORT}/{name}.png" for name in MODEL_FIGURES),
        ],
    log:
        "<logs>/{analysis}/reports/{sample}/{model}/seed{seed}.log",
    benchmark:
        "<benchmarks>/{analysis}/reports/{sample}/{model}/seed{seed}.jsonl"
    wildcard_constraints:
        analysis=models_in("reports", networks=False),
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=fingerprint("report_model.py"),
        classes=lambda w: plan(w).classes(w.sample),
        titles=lambda w: plan(w).titles(),
        report=lambda w: plan(w).settings.report.model_dump(mode="json"),
        name=lambda w: f"{w.model} on {w.sample}",
        seed=lambda w: int(w.seed),
    message:
        "{wildcards.analysis}: reporting {wildcards.model} on {wildcards.sample}"
    script:
        "../scripts/report_model.py"


use rule report_baseline as report_network with:
    input:
        scores=rules.score_network.output.scores,
        history=rules.train_network.output.history,
        diagnosis=rules.diagnose_network.output.diagnosis,
    output:
        metrics=f"{REPORT}/metrics.json",
        efficiency=f"{REPORT}/efficiency.csv",
        efficiency_text=f"{REPORT}/efficiency.txt",
        confusion=f"{REPORT}/confusion.csv",
        classes=f"{REPORT}/classes.csv",
        roc=f"{REPORT}/roc.csv",
        figures=[
            *(model_figure(name) for name in [*MODEL_FIGURES, "training"]),
            *(f"{REPORT}/{name}.png" for name in [*MODEL_FIGURES, "training"]),
        ],
    wildcard_constraints:
        analysis=models_in("reports", networks=True),


rule compare_models:
    """All models of an analysis in one table and one figure."""
    input:
        metrics=lambda w: of_trained(w, "metrics.json"),
    output:
        comparison="<results>/{analysis}/reports/comparison.csv",
        figures=[
            figure("<results>/{analysis}/reports/comparison", "comparison", figure="comparison"),
            "<results>/{analysis}/reports/comparison.png",
        ],
    log:
        "<logs>/{analysis}/reports/comparison.log",
    benchmark:
        "<benchmarks>/{analysis}/reports/comparison.jsonl"
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=fingerprint("compare_models.py"),
        rows=lambda w: plan(w).trained(),
        baseline=lambda w: plan(w).settings.baseline,
        oracle=lambda w: plan(w).settings.oracle,
    message:
        "{wildcards.analysis}: comparing models"
    script:
        "../scripts/compare_models.py"


rule compare_pairs:
    """The models of a sample two by two, on the same test events."""
    input:
        scores=scores_of_sample,
    output:
        pairs="<results>/{analysis}/reports/{sample}/pairs.csv",
    log:
        "<logs>/{analysis}/reports/{sample}/pairs.log",
    benchmark:
        "<benchmarks>/{analysis}/reports/{sample}/pairs.jsonl"
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        code=fingerprint("compare_pairs.py"),
        models=lambda w: plan(w).models(w.sample),
        classes=lambda w: plan(w).classes(w.sample),
        bootstrap=lambda w: plan(w).settings.report.bootstrap,
        seed=lambda w: plan(w).settings.seeds[0],
    message:
        "{wildcards.analysis}: comparing pairs of models on {wildcards.sample}"
    script:
        "../scripts/compare_pairs.py"


rule cross_samples:
    """Models that were trained on one sample, tested on others."""
    input:
        scores=crossed_scores,
    output:
        table="<results>/{analysis}/reports/crossing.csv",
        figures=[
            figure("<results>/{analysis}/reports/crossing", "crossing", figure="crossing"),
            "<results>/{analysis}/reports/crossing.png",
        ],
    log:
        "<logs>/{analysis}/reports/crossing.log",
    benchmark:
        "<benchmarks>/{analysis}/reports/crossing.jsonl"
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        code=fingerprint("cross_samples.py"),
        rows=lambda w: plan(w).crossed(),
        classes=lambda w: {name: plan(w).classes(name) for name in plan(w).settings.samples},
        bootstrap=lambda w: plan(w).settings.report.bootstrap,
        seed=lambda w: plan(w).settings.seeds[0],
    message:
        "{wildcards.analysis}: testing models on other samples"
    script:
        "../scripts/cross_samples.py"


rule write_card:
    """The card of a trained network."""
    input:
        events=rules.build_sample.output.events,
        diagnosis=rules.diagnose_network.output.diagnosis,
        metrics=rules.report_network.output.metrics,
    output:
        card="<results>/{analysis}/models/{sample}/{model}/seed{seed}/card.md",
    log:
        "<logs>/{analysis}/models/{sample}/{model}/seed{seed}.card.log",
    benchmark:
        "<benchmarks>/{analysis}/models/{sample}/{model}/seed{seed}.card.jsonl"
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=fingerprint("write_card.py"),
        about=lambda w: plan(w).card(w.sample, w.model, int(w.seed)),
    message:
        "{wildcards.analysis}: writing the card of {wildcards.model} on {wildcards.sample}"
    script:
        "../scripts/write_card.py"


rule overlay_roc:
    """The ROC curves of all models of a sample in one figure."""
    input:
        curves=lambda w: of_sample(w, "roc.csv"),
    output:
        figures=[
            figure("<results>/{analysis}/reports/{sample}/roc", "comparison_roc", figure="ROC"),
            "<results>/{analysis}/reports/{sample}/roc.png",
        ],
    log:
        "<logs>/{analysis}/reports/{sample}/roc.log",
    benchmark:
        "<benchmarks>/{analysis}/reports/{sample}/roc.jsonl"
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=fingerprint("overlay_roc.py"),
        models=lambda w: plan(w).models(w.sample),
        titles=lambda w: plan(w).titles(),
        name=lambda w: w.sample,
    message:
        "{wildcards.analysis}: ROC curves of {wildcards.sample}"
    script:
        "../scripts/overlay_roc.py"


rule build_page:
    """The page that a person opens."""
    input:
        page_inputs,
    output:
        page="<results>/index.html",
    log:
        "<logs>/page.log",
    benchmark:
        "<benchmarks>/page.jsonl"
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=fingerprint("build_page.py"),
        pages=page_plans,
    message:
        "writing the page {output.page}"
    script:
        "../scripts/build_page.py"
