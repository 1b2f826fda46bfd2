rule ingest_run:
    """Turn a folder of pictures, or arrays of an .npz file, into a run."""
    input:
        packed=packed_pictures,
    output:
        run="<data>/{analysis}/run{run}.root",
        pictures="<data>/{analysis}/run{run}.pictures.csv",
    log:
        "<logs>/{analysis}/ingest/run{run}.log",
    benchmark:
        "<benchmarks>/{analysis}/ingest/run{run}.jsonl"
    wildcard_constraints:
        analysis=runs_that("ingested"),
    conda:
        "../envs/runsieve.yaml"
    threads: 2
    resources:
        mem_mb=lambda w, attempt: 4000 * attempt,
        runtime=720,
    params:
        code=fingerprint("ingest_run.py"),
        run=lambda w: int(w.run),
        kind=lambda w: plan(w).runs[int(w.run)].kind,
        source=lambda w: plan(w).runs[int(w.run)].files,
        listing=picture_listing,
        ingest=lambda w: plan(w).settings.ingest.model_dump(mode="json"),
    message:
        "{wildcards.analysis}: taking in the pictures of run {wildcards.run}"
    script:
        "../scripts/ingest_run.py"
