rule report_model:
    """Evaluate a model on its test events: tables, metrics and figures."""
    input:
        scores=lambda w: plan(w).of_seeds(layout.SCORES, w.sample, w.model),
        diagnoses=lambda w: chain(*plan(w).diagnoses(w.sample, w.model).values()),
    output:
        metrics=layout.METRICS,
        efficiency_text=layout.EFFICIENCY_TEXT,
        tables=[layout.table(name) for name in TABLES],
        figures=[file for name in FIGURES for file in model_figure(name)],
    log:
        layout.log("report_model"),
    benchmark:
        layout.benchmark("report_model")
    # The comparison waits for all reports, the page and the galleries for it; cards can be last.
    priority: 10
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=30,
    params:
        code=fingerprint("report_model.py", *TABLES.sources(), *FIGURES.sources()),
        classes=ask("classes", "sample"),
        titles=ask("sample_titles", "sample"),
        report=lambda w: plan(w).settings.report.model_dump(mode="json"),
        working_points=ask("working_points"),
        name=lambda w: f"{w.model} on {w.sample}",
        seeds=ask("seeds", "sample", "model"),
        diagnoses=ask("diagnoses", "sample", "model"),
        simulated=ask("simulated"),
    message:
        "{wildcards.analysis}: reporting {wildcards.model} on {wildcards.sample}"
    script:
        "../scripts/report_model.py"


rule draw_gallery:
    """Choose examples of the test events of a sample, and draw what its best model sees of them."""
    input:
        unpack(drawn()),
        unpack(gathered(arrays=("drawn_arrays", "sample"))),
        choice=layout.CHOICE,
        scores=ask("gallery_scores", "sample"),
    output:
        table=table(layout.GALLERY, "gallery", "gallery"),
        figures=figure(layout.GALLERY_FIGURE, "gallery", figure="gallery"),
    log:
        layout.log("draw_gallery"),
    benchmark:
        layout.benchmark("draw_gallery")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=30,
    params:
        code=fingerprint("draw_gallery.py"),
        classes=ask("classes", "sample"),
        titles=ask("sample_titles", "sample"),
        report=ask("axis"),
        working_points=ask("working_points"),
        inputs=ask("gallery_inputs", "sample"),
        name=lambda w: w.sample,
        simulated=ask("simulated"),
    message:
        "{wildcards.analysis}: gallery of {wildcards.sample}"
    script:
        "../scripts/draw_gallery.py"


rule draw_mistaken:
    """Draw events of the pairs of classes that the best model of a sample mistakes most often."""
    input:
        unpack(drawn()),
        unpack(gathered(arrays=("drawn_arrays", "sample"))),
        choice=layout.CHOICE,
        scores=ask("gallery_scores", "sample"),
    output:
        table=table(layout.MISTAKEN, "mistaken", "mistaken classes"),
        figures=figure(layout.MISTAKEN_FIGURE, "mistaken", figure="mistaken classes"),
    log:
        layout.log("draw_mistaken"),
    benchmark:
        layout.benchmark("draw_mistaken")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=30,
    params:
        code=fingerprint("draw_mistaken.py"),
        classes=ask("classes", "sample"),
        titles=ask("sample_titles", "sample"),
        report=ask("axis"),
        inputs=ask("gallery_inputs", "sample"),
        name=lambda w: w.sample,
        simulated=ask("simulated"),
    message:
        "{wildcards.analysis}: mistaken classes of {wildcards.sample}"
    script:
        "../scripts/draw_mistaken.py"


rule estimate_contamination:
    """Estimate how much of a class is like the signal, and correct the rejection for it.

    From the scores of every model: that which separates best has the lowest upper bound.
    """
    input:
        scores=lambda w: plan(w).of_sample(layout.SCORES, w.sample),
    output:
        table=table(layout.CONTAMINATION, "contamination", "contamination"),
        figures=figure(layout.CONTAMINATION_FIGURE, "contamination", figure="contamination"),
    log:
        layout.log("estimate_contamination"),
    benchmark:
        layout.benchmark("estimate_contamination")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=30,
    params:
        code=fingerprint("estimate_contamination.py"),
        classes=ask("classes", "sample"),
        report=ask("axis"),
        working_points=ask("working_points"),
        models=ask("models", "sample"),
        order=order,
        name=lambda w: w.sample,
        simulated=ask("simulated"),
    message:
        "{wildcards.analysis}: contamination according to the models of {wildcards.sample}"
    script:
        "../scripts/estimate_contamination.py"


rule report_rates:
    """Write the rate of the background per bin, before and after the cut on a model's score."""
    input:
        scores=lambda w: plan(w).of_seeds(layout.SCORES, w.sample, w.model)[0],
        spectra=rules.summarise_spectra.output.spectra,
        cutflow=ask("cutflow_of_skipped"),
    output:
        rates=layout.RATES,
    log:
        layout.log("report_rates"),
    benchmark:
        layout.benchmark("report_rates")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=30,
    params:
        code=fingerprint("report_rates.py"),
        classes=ask("classes", "sample"),
        report=ask("axis"),
        working_points=ask("working_points"),
        livetimes=ask("livetimes", "sample"),
        masses=ask("masses", "sample"),
    message:
        "{wildcards.analysis}: rates of background of {wildcards.model} on {wildcards.sample}"
    script:
        "../scripts/report_rates.py"


rule draw_training:
    """Draw the loss and the accuracies of a network, epoch by epoch."""
    input:
        history=lambda w: plan(w).of_drawn(layout.HISTORY, w.sample, w.model),
        training=lambda w: plan(w).of_drawn(layout.TRAINING, w.sample, w.model),
    output:
        figures=model_figure("training"),
    log:
        layout.log("draw_training"),
    benchmark:
        layout.benchmark("draw_training")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=fingerprint("draw_training.py"),
        titles=ask("sample_titles", "sample"),
        name=lambda w: f"{w.model} on {w.sample}",
        simulated=ask("simulated"),
    message:
        "{wildcards.analysis}: drawing the training of {wildcards.model} on {wildcards.sample}"
    script:
        "../scripts/draw_training.py"


rule write_card:
    """Write the card of a trained network."""
    input:
        unpack(drawn()),
        model=rules.train_network.output.model,
        facts=[rules.diagnose_network.output.diagnosis, layout.METRICS],
        points=layout.table("working_points"),
        cutflow=ask("cutflow_of_skipped"),
    output:
        card=layout.CARD,
    log:
        layout.log("write_card"),
    benchmark:
        layout.benchmark("write_card")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=30,
    params:
        code=fingerprint("write_card.py"),
        about=ask("about", "sample", "model", "seed"),
        inputs=lambda w: described_inputs(plan(w), w.model),
    message:
        "{wildcards.analysis}: writing the card of {wildcards.model} on {wildcards.sample}"
    script:
        "../scripts/write_card.py"


rule draw_sample:
    """Draw all models of a sample in one figure: the one to decide from, and ROC curves."""
    input:
        curves=lambda w: plan(w).of_sample(layout.table("roc"), w.sample),
        efficiencies=lambda w: plan(w).of_sample(layout.table("efficiency"), w.sample),
    output:
        decision=table(layout.DECISION, "decision", "decision"),
        figures=[
            *figure(layout.DECISION_FIGURE, "decision", figure="decision"),
            *figure(layout.ROC_FIGURE, "comparison_roc", figure="ROC"),
        ],
    log:
        layout.log("draw_sample"),
    benchmark:
        layout.benchmark("draw_sample")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=fingerprint("draw_sample.py"),
        models=ask("models", "sample"),
        order=order,
        titles=ask("sample_titles", "sample"),
        name=lambda w: w.sample,
        simulated=ask("simulated"),
        working_points=ask("working_points"),
        label=lambda w: plan(w).settings.report.axis_label,
        oracle=setting("oracle"),
    message:
        "{wildcards.analysis}: drawing all models of {wildcards.sample}"
    script:
        "../scripts/draw_sample.py"


rule write_provenance:
    """Write when, from what and with what the results of an analysis were made.

    Date and commit are those of the last job that changed a result: neither starts a job.
    """
    input:
        results,
        trainings=lambda w: training_files(plan(w)),
    output:
        provenance=layout.PROVENANCE,
        configuration=layout.CONFIGURATION,
    log:
        layout.log("write_provenance"),
    benchmark:
        layout.benchmark("write_provenance")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=fingerprint("write_provenance.py"),
        scale=MAIN.scale,
        runs=lambda w: origin_of_runs(plan(w)),
        configuration=lambda w: effective_configuration(plan(w)),
    message:
        "{wildcards.analysis}: writing where the results come from"
    script:
        "../scripts/write_provenance.py"


rule summarise_resources:
    """Sum up time and memory of the jobs of an analysis, after all of them have run."""
    input:
        results,
    output:
        resources=layout.RESOURCES,
        hosts=layout.HOSTS,
    log:
        layout.log("summarise_resources"),
    benchmark:
        layout.benchmark("summarise_resources")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=fingerprint("summarise_resources.py"),
        benchmarks=placed("<benchmarks>"),
        logs=placed("<logs>"),
        jobs=described_jobs(),
        known=lambda w: {"analysis": [w.analysis], **known_jobs(plan(w))},
    message:
        "{wildcards.analysis}: summing up time and memory"
    script:
        "../scripts/summarise_resources.py"


rule build_page:
    """Build the results page, one HTML file with all analyses."""
    input:
        shown_files,
    output:
        page=report(
            layout.PAGE,
            caption="../report/page.rst",
            category="all analyses",
            labels={"model": "all", "what": "page to decide from", "kind": "page"},
        ),
    log:
        layout.log("build_page"),
    benchmark:
        layout.benchmark("build_page")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=30,
    params:
        code=fingerprint("build_page.py", *FIGURES.sources()),
        pages=[page.model_dump(mode="json") for page in PAGES],
        captions=captions(),
        formats=MAIN.figure_formats,
    message:
        "writing the page {output.page}"
    script:
        "../scripts/build_page.py"
