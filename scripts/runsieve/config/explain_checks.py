"""Checks of the settings of explanations against the inputs that they name."""

from collections.abc import Iterator
from math import prod

from runsieve.config.analysis import Analysis
from runsieve.config.references import unknown


def check_explain(analysis: Analysis) -> Iterator[str]:
    """Quiet samples of inputs that are not there, or have no samples or too few."""
    for name, quiet in analysis.explain.quiet.items():
        key = f"explain.quiet.{name}"
        yield from unknown(key, "input", name, analysis.inputs)
        if name not in analysis.inputs:
            continue
        one = analysis.inputs[name]
        if one.columns or len(one.event_shape()) != 1:
            yield f"{key}: samples are those of waveforms, and the input has none"
            continue
        samples = prod(one.shape) // one.pulse.segments
        if quiet.stop > samples:
            yield f"{key}: ends at {quiet.stop}, but a segment has {samples} values"
