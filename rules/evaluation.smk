rule score_model:
    """Score every event of a sample with a model that was fitted to it."""
    input:
        unpack(drawn("scored_columns", "model")),
        unpack(gathered(arrays=("arrays", "sample", "model"), truth=("truth_arrays", "sample"))),
        model=ask("model_file", "sample", "model", "seed"),
    output:
        scores=layout.SCORES,
    log:
        layout.log("score_model"),
    benchmark:
        layout.benchmark("score_model")
    wildcard_constraints:
        analysis=rf"(?!{scores_of_folds(PLANS)})\w+",
    conda:
        lambda w: f"../envs/{plan(w).family(w.model).environment}.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: plan(w).family(w.model).memory * attempt,
        runtime=120,
    params:
        code=lambda w: plan(w).scoring_code("score_model.py", w.model),
        scorer=lambda w: plan(w).family(w.model).scorer,
        user_files=ask("user_files", "model"),
        variable=lambda w: plan(w).settings.report.variable,
        truth=ask("truth_processes"),
    message:
        "{wildcards.analysis}: testing {wildcards.model} on {wildcards.sample}"
    script:
        "../scripts/score_model.py"


rule merge_folds:
    """Merge the scores of all folds of a sample, each of a model that has not seen its events."""
    input:
        scores=lambda w: plan(w).of_folds(layout.SCORES, w.sample, w.model, w.seed),
    output:
        scores=layout.SCORES,
    log:
        layout.log("merge_folds"),
    benchmark:
        layout.benchmark("merge_folds")
    wildcard_constraints:
        analysis=scores_of_folds(PLANS),
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=30,
    params:
        code=fingerprint("merge_folds.py"),
    message:
        "{wildcards.analysis}: merging the folds of {wildcards.model} on {wildcards.sample}"
    script:
        "../scripts/merge_folds.py"


use rule score_model as cross_test_model with:
    input:
        unpack(drawn("scored_columns", "model", sample="tested")),
        unpack(gathered(arrays=("arrays", "tested", "model"), truth=("truth_arrays", "tested"))),
        model=ask("cross_test_file", "sample", "model", "tested", "seed"),
    output:
        scores=layout.CROSS_TEST_SCORES,
    log:
        layout.log("cross_test_model"),
    benchmark:
        layout.benchmark("cross_test_model")
    message:
        "{wildcards.analysis}: testing {wildcards.model} of {wildcards.sample} on "
        "{wildcards.tested}"


rule score_shifts:
    """Score the test events of a sample with each shift of what a model sees of them."""
    input:
        unpack(drawn("scored_columns", "model")),
        unpack(gathered(arrays=("arrays", "sample", "model"))),
        model=ask("model_file", "sample", "model", "seed"),
    output:
        scores=layout.SHIFTED_SCORES,
    log:
        layout.log("score_shifts"),
    benchmark:
        layout.benchmark("score_shifts")
    conda:
        lambda w: f"../envs/{plan(w).family(w.model).environment}.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: plan(w).family(w.model).memory * attempt,
        runtime=240,
    params:
        code=lambda w: plan(w).scoring_code("score_shifts.py", w.model),
        scorer=lambda w: plan(w).family(w.model).scorer,
        user_files=ask("user_files", "model"),
        shifts=ask("shifts", "sample", "model"),
    message:
        "{wildcards.analysis}: testing {wildcards.model} on shifted events of {wildcards.sample}"
    script:
        "../scripts/score_shifts.py"


rule compare_models:
    """Compare all models of an analysis in one table and one figure."""
    input:
        metrics=lambda w: plan(w).of_compared(layout.METRICS),
        choices=lambda w: plan(w).of_samples(layout.CHOICE),
    output:
        comparison=table(layout.COMPARISON, "comparison", "comparison"),
        long=layout.COMPARISON_LONG,
        figures=figure(layout.COMPARISON_FIGURE, "comparison", figure="comparison"),
    log:
        layout.log("compare_models"),
    benchmark:
        layout.benchmark("compare_models")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=fingerprint("compare_models.py"),
        models=ask("compared_models"),
        samples=ask("compared"),
        oracle=setting("oracle"),
        baseline=setting("baseline"),
        simulated=ask("simulated"),
    message:
        "{wildcards.analysis}: comparing models"
    script:
        "../scripts/compare_models.py"


rule compare_pairs:
    """Compare the models of a sample in pairs, and choose the best of them on validation events."""
    input:
        scores=lambda w: plan(w).of_trainings(layout.SCORES, w.sample),
    output:
        pairs=table(layout.PAIRS, "pairs", "models two by two"),
        choice=layout.CHOICE,
    log:
        layout.log("compare_pairs"),
    benchmark:
        layout.benchmark("compare_pairs")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=60,
    params:
        code=fingerprint("compare_pairs.py"),
        trainings=ask("trainings", "sample"),
        classes=ask("classes", "sample"),
        seed=lambda w: plan(w).settings.seeds[0],
        baseline=setting("baseline"),
        oracle=setting("oracle"),
    message:
        "{wildcards.analysis}: comparing pairs of models on {wildcards.sample}"
    script:
        "../scripts/compare_pairs.py"


rule summarise_purity:
    """Count which simulated processes the events of each class of a sample are of."""
    input:
        unpack(drawn("reported_columns")),
        unpack(gathered(truth=("truth_arrays", "sample"))),
    output:
        purity=layout.PURITY,
    log:
        layout.log("summarise_purity"),
    benchmark:
        layout.benchmark("summarise_purity")
    wildcard_constraints:
        sample=layout.SAMPLES["whole"],
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=30,
    params:
        code=fingerprint("summarise_purity.py"),
        classes=ask("classes", "sample"),
        processes=ask("truth_processes"),
        report=ask("binning"),
    message:
        "{wildcards.analysis}: purity of the labels of {wildcards.sample}"
    script:
        "../scripts/summarise_purity.py"


rule compare_cross_tests:
    """Collect the cross tests of all models in one table and one figure."""
    input:
        scores=ask("cross_test_scores"),
    output:
        table=table(layout.CROSS_TESTS, "cross_tests", "cross tests"),
        figures=figure(layout.CROSS_TESTS_FIGURE, "cross_tests", figure="cross tests"),
    log:
        layout.log("compare_cross_tests"),
    benchmark:
        layout.benchmark("compare_cross_tests")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=60,
    params:
        code=fingerprint("compare_cross_tests.py"),
        rows=ask("cross_tests"),
        classes=lambda w: {name: plan(w).classes(name) for name in plan(w).settings.samples},
        order=order,
        simulated=ask("simulated"),
    message:
        "{wildcards.analysis}: comparing cross tests"
    script:
        "../scripts/compare_cross_tests.py"


rule compare_null_tests:
    """Collect the null tests of an analysis in one table and one figure."""
    input:
        scores=lambda w: plan(w).of_null_tests(layout.SCORES),
    output:
        table=table(layout.NULL_TESTS, "null_tests", "null tests"),
        figures=figure(layout.NULL_TESTS_FIGURE, "null_tests", figure="null tests"),
    log:
        layout.log("compare_null_tests"),
    benchmark:
        layout.benchmark("compare_null_tests")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=30,
    params:
        code=fingerprint("compare_null_tests.py"),
        rows=ask("null_tests"),
        names=ask("null_test_names"),
        simulated=ask("simulated"),
    message:
        "{wildcards.analysis}: null tests"
    script:
        "../scripts/compare_null_tests.py"


rule compare_shifts:
    """Compare scores with and without shifts in one table and one figure."""
    input:
        scores=lambda w: plan(w).of_shifted(layout.SCORES),
        shifted=lambda w: plan(w).of_shifted(layout.SHIFTED_SCORES),
    output:
        table=table(layout.SHIFTS, "shifts", "shifts"),
        figures=figure(layout.SHIFTS_FIGURE, "shifts", figure="shifts"),
    log:
        layout.log("compare_shifts"),
    benchmark:
        layout.benchmark("compare_shifts")
    conda:
        "../envs/runsieve.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, attempt: 2000 * attempt,
        runtime=60,
    params:
        code=fingerprint("compare_shifts.py"),
        rows=ask("shifted"),
        classes=lambda w: {name: plan(w).classes(name) for name in plan(w).compared()},
        working_points=ask("working_points"),
        changes=ask("shift_titles"),
        order=order,
        simulated=ask("simulated"),
    message:
        "{wildcards.analysis}: comparing shifted scores"
    script:
        "../scripts/compare_shifts.py"
