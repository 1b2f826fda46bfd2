rule explain_network:
    """Attribute the decisions of a network on test events to its inputs, and check the methods."""
    input:
        unpack(drawn()),
        unpack(gathered(arrays=("arrays", "sample", "model"))),
        model=network_to_explain,
        gallery=lambda w: gallery_of(plan(w), w.sample),
    output:
        arrays=layout.ATTRIBUTIONS,
        table=layout.ATTRIBUTION_TABLE,
        randomisation=layout.RANDOMISATION,
        report=layout.EXPLANATION,
    log:
        layout.log("explain_network"),
    benchmark:
        layout.benchmark("explain_network")
    conda:
        "../envs/tensorflow.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 6000 * attempt,
        runtime=240,
    params:
        code=lambda w: explaining_code(plan(w), w.model),
        user_files=ask("user_files", "model"),
        classes=ask("classes", "sample"),
        inputs=lambda w: explained_inputs(plan(w), w.model),
        explain=lambda w: explain_settings(plan(w)),
    message:
        "{wildcards.analysis}: explaining {wildcards.model} on {wildcards.sample}, "
        "seed {wildcards.seed}"
    script:
        "../scripts/explain_network.py"


rule draw_explanation:
    """Draw where the attributions of a network lie: of each class, of single events, and its maps."""
    input:
        arrays=rules.explain_network.output.arrays,
        table=rules.explain_network.output.table,
        report=rules.explain_network.output.report,
    output:
        attribution=figure(layout.ATTRIBUTION_FIGURE, "attribution", "attribution", "{model}"),
        events=figure(layout.EXPLAINED_EVENTS_FIGURE, "explained_events", "events", "{model}"),
        maps=figure(layout.FEATURE_MAPS_FIGURE, "feature_maps", "feature maps", "{model}"),
    log:
        layout.log("draw_explanation"),
    benchmark:
        layout.benchmark("draw_explanation")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=fingerprint("draw_explanation.py"),
        classes=ask("classes", "sample"),
        titles=ask("sample_titles", "sample"),
        inputs=lambda w: explained_inputs(plan(w), w.model),
        name=lambda w: f"{w.model} on {w.sample}",
        simulated=ask("simulated"),
    message:
        "{wildcards.analysis}: drawing what {wildcards.model} on {wildcards.sample} looks at"
    script:
        "../scripts/draw_explanation.py"
