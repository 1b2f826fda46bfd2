rule search_worker:
    """Run trials of a search for hyper-parameters, beside the other workers."""
    input:
        unpack(searched),
    output:
        trials=layout.SEARCH_WORKER,
    log:
        layout.log("search_worker"),
    benchmark:
        layout.benchmark("search_worker")
    conda:
        "../envs/tuning.yaml"
    threads: lambda w: threads_of(plan(w), w.search)
    resources:
        mem_mb=lambda w, attempt: 6000 * attempt,
        runtime=lambda w, attempt: 720 * attempt,
    params:
        code=lambda w: fitted(plan(w), w.search)["code"],
        fitted=lambda w: fitted(plan(w), w.search),
        search=lambda w: search_of(plan(w), w.search).model_dump(mode="json"),
        matched=lambda w: plan(w).matched(search_of(plan(w), w.search).sample),
        studies=lambda w: plan(w).path(layout.STUDIES, search=w.search),
    message:
        "{wildcards.analysis}: search {wildcards.search}, worker {wildcards.worker} "
        "(one line per trial in {log})"
    script:
        "../scripts/search_worker.py"


rule summarise_search:
    """Summarise a search for hyper-parameters, and write the best model as a configuration file."""
    input:
        workers=lambda w: local(workers_of(plan(w), w.search)),
    output:
        history=layout.SEARCH_HISTORY,
        importances=layout.SEARCH_IMPORTANCES,
        best=layout.SEARCH_BEST,
        figures=layout.figure_files(layout.SEARCH_FIGURE, MAIN.figure_formats),
    log:
        layout.log("summarise_search"),
    benchmark:
        layout.benchmark("summarise_search")
    conda:
        "../envs/tuning.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=fingerprint("summarise_search.py"),
        model=lambda w: plan(w).model(search_of(plan(w), w.search).model),
        search=lambda w: search_of(plan(w), w.search).model_dump(mode="json"),
        studies=lambda w: plan(w).path(layout.STUDIES, search=w.search),
        title=lambda w: f"{w.search} on {search_of(plan(w), w.search).sample}",
        simulated=ask("simulated"),
    message:
        "{wildcards.analysis}: summarising search {wildcards.search}"
    script:
        "../scripts/summarise_search.py"
