"""Arithmetic over block parameters: what it computes and what it refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.core.expressions import ExpressionError, escaped, evaluate, names_in, resolve

PARAMETERS = {"n": 64, "activation": "relu", "wide": True}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("=n", 64),
        ("= 2 * n", 128),
        ("=n * 2 + 1", 129),
        ("=-(n - 70) // 4", 1),
        ("=(n)", 64),
        ("=activation", "relu"),
        ("=wide", True),
        ("=7", 7),
    ],
)
def test_computes(text: str, value: object) -> None:
    assert evaluate(text, PARAMETERS) == value


@pytest.mark.parametrize(
    "text",
    [
        "=", "=n.real", "=f(n)", "=10**10**10", "=n % 2", "=n / 2", "=1.5", "='a'", "=[n]",
        "=n if n else 1",
        "=lambda: 1", "=missing", "=n // 0", "=n // (n - 64)", "=n < 3", "=n; n", "=activation * 2",
        "=wide + 1", "=(", "=" + "n*" * 150 + "n", "=9999999999 * 9999999999", "=n := 3", "=\x00",
        "=" + "(" * 90 + "n" + ")" * 89, "=__import__", "=~n", "=n @ n", "=n << 2", "=True + 1",
    ],
)  # fmt: skip
def test_refuses_with_one_sentence(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, PARAMETERS)
    assert str(caught.value).strip()
    assert "\n" not in str(caught.value).replace(text, "")


def test_resolves_deep_inside_a_config() -> None:
    config = {"filters": "=n * 2", "kernel_size": ["=n", 3], "layer": {"config": {"units": "=n"}}}
    assert resolve(config, {"n": 5}) == {
        "filters": 10,
        "kernel_size": [5, 3],
        "layer": {"config": {"units": 5}},
    }


def test_names_in() -> None:
    assert names_in("=a * (b + 2)") == {"a", "b"}
    assert names_in("=a *") == set()


numbers = st.integers(-50, 50)


@given(numbers, numbers, st.sampled_from(["+", "-", "*", "//"]), numbers)
def test_agrees_with_python(a: int, b: int, operator: str, c: int) -> None:
    text = f"=(a {operator} b) - {c}"
    try:
        expected = eval(text[1:], {}, {"a": a, "b": b})
    except ZeroDivisionError:
        with pytest.raises(ExpressionError):
            evaluate(text, {"a": a, "b": b})
    else:
        assert evaluate(text, {"a": a, "b": b}) == expected


@given(st.text(max_size=60))
def test_any_text_gives_a_value_or_a_sentence(text: str) -> None:
    try:
        value = evaluate("=" + text, {"n": 3})
    except ExpressionError:
        return
    assert isinstance(value, int) or value == text


@given(
    st.recursive(
        st.text("=ab*2", max_size=4),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_an_escaped_value_resolves_to_itself(value: object) -> None:
    assert resolve(escaped(value), {"a": 3}) == value
