"""One mapping over another, as in RFC 7386: how demo values and extending analyses apply."""

import copy

from hypothesis import given
from hypothesis import strategies as st

from runsieve.config.load import merge

leaves = st.integers(0, 9)
json = leaves | st.dictionaries(st.sampled_from("abcd"), leaves, max_size=3)
patches = st.dictionaries(st.sampled_from("abcd"), json | st.none(), max_size=4)


@given(st.dictionaries(st.sampled_from("abcd"), json, max_size=4), patches)
def test_merge_lays_one_mapping_over_another(base, change):
    before = copy.deepcopy(base)
    merged = merge(base, change)
    assert base == before
    assert merge(merged, change) == merged
    for key in {*base, *change}:
        if key in change and change[key] is None:
            assert key not in merged
        elif key not in change:
            assert merged[key] == base[key]
        elif not isinstance(change[key], dict):
            assert merged[key] == change[key]
