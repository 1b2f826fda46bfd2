rule build_sample:
    """Draw and split the events of a sample."""
    input:
        events=ask("event_lists", "sample"),
    output:
        events=layout.SAMPLE_EVENTS,
        digest=layout.SAMPLE_DIGEST,
        drawn=layout.DRAWN,
    log:
        layout.log("build_sample"),
    benchmark:
        layout.benchmark("build_sample")
    wildcard_constraints:
        analysis=rf"(?!{frozen_samples(PLANS)}|{cleaned_samples(PLANS)})\w+",
        sample=layout.SAMPLES["whole"],
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 4000 * attempt,
        runtime=30,
    params:
        code=fingerprint("build_sample.py"),
        name=lambda w: w.sample,
        sample=ask("sample", "sample"),
        classes=ask("classes", "sample"),
        runs=ask("sample_runs", "sample"),
    message:
        "{wildcards.analysis}: drawing sample {wildcards.sample}"
    script:
        "../scripts/build_sample.py"


rule split_fold:
    """Split the events of a sample as one of its folds sees them."""
    input:
        events=ask("origin_events", "sample"),
    output:
        events=layout.SAMPLE_EVENTS,
        digest=layout.SAMPLE_DIGEST,
    log:
        layout.log("split_fold"),
    benchmark:
        layout.benchmark("split_fold")
    wildcard_constraints:
        sample=layout.SAMPLES["fold"],
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=30,
    params:
        code=fingerprint("split_fold.py"),
        name=lambda w: w.sample,
        fold=ask("fold", "sample"),
        sample=ask("sample", "sample"),
    message:
        "{wildcards.analysis}: splitting {wildcards.sample}"
    script:
        "../scripts/split_fold.py"


rule digest_column:
    """Write the digest of one kept column of a sample."""
    input:
        events=layout.SAMPLE_EVENTS,
    output:
        digest=layout.COLUMN_DIGEST,
    log:
        layout.log("digest_column"),
    benchmark:
        layout.benchmark("digest_column")
    wildcard_constraints:
        sample=layout.SAMPLES["whole"],
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 1000 * attempt,
        runtime=30,
    params:
        code=fingerprint("digest_column.py"),
        column=lambda w: w.column,
    message:
        "{wildcards.analysis}: digest of {wildcards.column} of sample {wildcards.sample}"
    script:
        "../scripts/digest_column.py"


rule summarise_spectra:
    """Count all selected events of a sample's runs in bins of the report's variable."""
    input:
        events=ask("event_lists", "sample"),
    output:
        spectra=layout.SPECTRA,
    log:
        layout.log("summarise_spectra"),
    benchmark:
        layout.benchmark("summarise_spectra")
    wildcard_constraints:
        sample=layout.SAMPLES["whole"],
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 4000 * attempt,
        runtime=30,
    params:
        code=fingerprint("summarise_spectra.py"),
        channels=lambda w: plan(w).settings.samples[w.sample].channels,
        classes=ask("classes", "sample"),
        runs=ask("sample_runs", "sample"),
        report=ask("binning"),
    message:
        "{wildcards.analysis}: counting events of sample {wildcards.sample} in bins"
    script:
        "../scripts/summarise_spectra.py"


rule gather_input:
    """Read one input of the drawn events, only from the baskets that contain them."""
    input:
        unpack(drawn()),
        raw=ask("gathered_sources", "sample", "input"),
    output:
        array=layout.INPUT,
        digest=layout.INPUT_DIGEST,
    log:
        layout.log("gather_input"),
    benchmark:
        layout.benchmark("gather_input")
    wildcard_constraints:
        sample=layout.SAMPLES["whole"],
    conda:
        "../envs/runsieve.yaml"
    threads: 2
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=240,
    params:
        code=fingerprint("gather_input.py"),
        files=ask("gathered_files", "sample", "input"),
        input=ask("input", "input"),
        tree=setting("tree"),
        columns=ask("input_columns", "input"),
        previous=lambda w: plan(w).path(layout.PREVIOUS_INPUT, **w),
    message:
        "{wildcards.analysis}: reading {wildcards.input} of sample {wildcards.sample}"
    script:
        "../scripts/gather_input.py"


rule find_duplicates:
    """List events of a sample that have a twin in another split."""
    input:
        unpack(drawn()),
        unpack(gathered(arrays=("compared_arrays", "sample"))),
    output:
        duplicates=layout.DUPLICATES,
    log:
        layout.log("find_duplicates"),
    benchmark:
        layout.benchmark("find_duplicates")
    wildcard_constraints:
        sample=layout.SAMPLES["whole"],
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=120,
    params:
        code=fingerprint("find_duplicates.py"),
        name=lambda w: w.sample,
        pictures=lambda w: plan(w).settings.ingest is not None,
    message:
        "{wildcards.analysis}: looking for equal events in sample {wildcards.sample}"
    script:
        "../scripts/find_duplicates.py"
