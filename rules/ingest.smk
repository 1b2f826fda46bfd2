rule ingest_run:
    """Convert a folder of pictures, or arrays of an .npz file, to a run."""
    input:
        packed=ask("packed_pictures", "run"),
    output:
        run=layout.RAW_RUN,
        pictures=layout.PICTURES,
    log:
        layout.log("ingest_run"),
    benchmark:
        layout.benchmark("ingest_run")
    wildcard_constraints:
        analysis=analyses_with(PLANS, "ingested"),
    conda:
        "../envs/runsieve.yaml"
    threads: 2
    resources:
        mem_mb=lambda w, attempt: 4000 * attempt,
        runtime=720,
    params:
        code=fingerprint("ingest_run.py"),
        run=lambda w: int(w.run),
        kind=ask("kind", "run"),
        source=ask("ingested", "run"),
        listing=ask("picture_listing", "run"),
        ingest=lambda w: plan(w).settings.ingest.model_dump(mode="json"),
    message:
        "{wildcards.analysis}: ingesting the pictures of run {wildcards.run}"
    script:
        "../scripts/ingest_run.py"
