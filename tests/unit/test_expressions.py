"""ROOT expressions against NumPy, and what is refused."""

import awkward as ak
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runsieve.errors import RunsieveError
from runsieve.expressions import for_channel, parse

VALUES = {
    "a": np.array([-2.0, 0.0, 0.5, 3.0, 7.0]),
    "b": np.array([1, 2, 3, 4, 5], dtype=np.int32),
    "e": np.arange(20, dtype=np.float32).reshape(5, 4),
}
LEAVES = {
    "a": VALUES["a"],
    "b": VALUES["b"].astype(float),
    "e[2]": VALUES["e"][:, 2].astype(float),
    "1.5": 1.5,
    "3": 3.0,
}
OPERATORS = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "<": np.less,
    ">=": np.greater_equal,
    "==": np.equal,
    "&&": np.logical_and,
    "||": np.logical_or,
}


def binary(left, right, operator):
    return f"({left[0]} {operator} {right[0]})", OPERATORS[operator](left[1] + 0.0, right[1] + 0.0)


expressions = st.recursive(
    st.sampled_from(sorted(LEAVES)).map(lambda text: (text, LEAVES[text])),
    lambda inner: (
        st.builds(binary, inner, inner, st.sampled_from(sorted(OPERATORS)))
        | inner.map(lambda one: (f"!({one[0]})", np.logical_not(one[1])))
        | inner.map(lambda one: (f"TMath::Abs({one[0]})", np.abs(one[1] + 0.0)))
    ),
    max_leaves=12,
)


@given(expressions)
def test_values_are_those_of_numpy(expression):
    text, expected = expression
    np.testing.assert_allclose(parse(text).evaluate(VALUES) + 0.0, expected + 0.0)


def test_values_count_as_doubles_as_in_root():
    values = {"n": np.array([1, 2], dtype=np.uint64), "m": np.array([2, 4], dtype=np.int32)}
    assert parse("n / m").evaluate(values).tolist() == [0.5, 0.5]
    assert parse("n - m").evaluate(values).tolist() == [-1, -2]
    assert parse("m ^ 2").evaluate(values).tolist() == [4, 16]


def test_elements_and_reductions():
    jagged = {"q": ak.Array([[1, 2, 3], [], [5]])}
    assert parse("Sum$(q)").evaluate(jagged).tolist() == [6, 0, 5]
    assert parse("Length$(q) > 0").evaluate(jagged).tolist() == [True, False, True]
    with pytest.raises(RunsieveError, match=r"element \[1\] does not exist"):
        parse("q[1] > 2").evaluate(jagged)
    with pytest.raises(RunsieveError, match=r"element \[4\] does not exist"):
        parse("e[4]").evaluate(VALUES)


def test_names_and_channels():
    assert parse("x.y > 1 && z[2] < pi").names == {"x.y", "z"}
    assert for_channel("e[{channel}] + {other}", 3) == "e[3] + {other}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("energy > 0 &&", "cannot be read at character"),
        ("energy > 0 & clusters > 2", "Use '&&' instead of '&'"),
        ("", "cannot be read at character 1"),
        ("a:b", "one expression"),
        ("a[b]", "an index must be a whole number"),
        ("open(a)", "open"),
        ("exec(a)", "exec"),
        ("erf(a)", "the function erf is not supported"),
        ("__import__('os').system('touch hacked')", "cannot be read"),
        ("__import__(a)", "__import__"),
        ("a.__class__()", "__class__"),
        ("(lambda: 1)()", "is not a ROOT expression"),
    ],
)
def test_refused(text, reason, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RunsieveError) as error:
        parse(text)
    assert reason in str(error.value)
    assert "\n" not in str(error.value)
    assert not list(tmp_path.iterdir())


def test_the_number_of_an_entry():
    expression = parse("2 * Entry$ + MyEntry")
    assert expression.names == {"Entry$", "MyEntry"}
    values = {"Entry$": np.array([5, 6]), "MyEntry": np.array([1, 0])}
    assert expression.evaluate(values).tolist() == [11, 12]
    assert parse("Entry$").branch == "Entry$"


@pytest.mark.parametrize(("text", "branch"), [("a", "a"), ("a.b", "a.b"), ("a + b", None)])
def test_an_expression_of_a_single_name(text, branch):
    assert parse(text).branch == branch
    assert parse("pi").branch is None


@pytest.mark.parametrize("text", ["Entry$x", "LocalEntry$", "my.Entry$"])
def test_other_names_with_a_dollar_sign(text):
    with pytest.raises(RunsieveError, match="is not a ROOT expression"):
        parse(text)
