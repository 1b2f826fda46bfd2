rule export_network:
    """Write a trained network as ONNX, and compare ONNX Runtime and Keras on test events."""
    input:
        unpack(drawn()),
        unpack(gathered(arrays=("arrays", "sample", "model"))),
        model=network_to_export,
        points=layout.table("working_points"),
    output:
        onnx=layout.ONNX,
        report=layout.ONNX_REPORT,
    log:
        layout.log("export_network"),
    benchmark:
        layout.benchmark("export_network")
    conda:
        "../envs/onnx.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 4000 * attempt,
        runtime=60,
    params:
        code=lambda w: plan(w).scoring_code("export_network.py", w.model),
        user_files=ask("user_files", "model"),
        facts=lambda w: exported_facts(plan(w), w.sample, w.model),
        inputs=lambda w: described_inputs(plan(w), w.model),
    message:
        "{wildcards.analysis}: writing {wildcards.model} on {wildcards.sample} as ONNX, "
        "seed {wildcards.seed}"
    script:
        "../scripts/export_network.py"
