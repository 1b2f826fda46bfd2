rule check:
    """Open every run of the analyses, and say everything that would fail later."""
    output:
        text=layout.CHECK,
    log:
        layout.log("check"),
        layout.CHECK_PAGE,
    benchmark:
        layout.benchmark("check")
    conda:
        "../envs/runsieve.yaml"
    threads: 2
    resources:
        mem_mb=lambda w, attempt: 4000 * attempt,
        runtime=60,
    params:
        code=fingerprint("check_analysis.py"),
        mistakes=MISTAKES,
        files=lambda w: [state(plan) for plan in CHECKED],
        analyses=lambda w: [checked(plan, MAIN.compare_checksums) for plan in CHECKED],
    message:
        "opening all runs"
    script:
        "../scripts/check_analysis.py"
