"""Checks of cleaned samples: that they fit to the samples that they are of."""

from collections.abc import Iterator

from runsieve.config.analysis import Analysis
from runsieve.config.cleaned import OWN
from runsieve.config.references import unknown


def check_cleaned(analysis: Analysis) -> Iterator[str]:
    """Contradictions between cleaned samples and those that they are of."""
    for name, sample in analysis.samples.items():
        if sample.cleaned is None:
            continue
        key, of = f"samples.{name}", sample.cleaned.of
        yield from unknown(f"{key}.cleaned.of", "sample", of, analysis.samples)
        yield from unknown(f"{key}.cleaned.model", "model", sample.cleaned.model, analysis.models)
        if sample.cleaned.model == analysis.oracle:
            yield f"{key}.cleaned.model: '{analysis.oracle}' is the oracle, which knows the truth"
        if of not in analysis.samples:
            continue
        base = analysis.samples[of]
        if base.cleaned is not None:
            yield f"{key}.cleaned.of: '{of}' is cleaned itself"
        elif base.folds is not None:
            yield f"{key}.cleaned.of: '{of}' has folds, so there are no test events of its own"
        elif base.null_test:
            yield f"{key}.cleaned.of: '{of}' is a null test, whose labels mean nothing"
        else:
            for field in type(sample).model_fields:
                if field not in OWN and getattr(sample, field) != getattr(base, field):
                    yield f"{key}.{field}: does not go with cleaned; it is that of '{of}'"
