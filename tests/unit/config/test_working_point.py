"""Which working point is quoted where there is room for one."""

from runsieve.config.working_point import headline


def test_the_headline_is_the_first_at_a_fixed_signal_efficiency():
    kinds = {"half": "score", "loose": "signal_efficiency", "tight": "signal_efficiency"}
    assert headline(kinds) == "loose"


def test_without_one_the_headline_is_the_first():
    assert headline({"half": "score", "best": "maximise"}) == "half"
    assert headline({}) is None
