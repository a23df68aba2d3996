from __future__ import annotations

import pytest

from chatbot_qa.domain.suite import Text
from chatbot_qa.importers.nunjucks import converted, filled, literal


@pytest.mark.parametrize(
    ("source", "ours"),
    [
        ("Hi {{name}}, {{ order }}", "Hi ${name}, ${order}"),
        ("{{ a.b['c'] }}", "${a.b.c}"),
        ("{{ name | trim | safe }}", "${name}"),
        ("{# nobody reads it #}x", "x"),
        ("{% raw %}{{x}}{% endraw %}", "{{x}}"),
        ("${HOME} {{ 'x' }}", "$${HOME} x"),
        ("costs ${{price}}", "costs ${dollar}${price}"),
    ],
)
def test_names_are_filled_in(source: str, ours: str) -> None:
    assert converted(source).text == ours
    assert not converted(source).trouble


@pytest.mark.parametrize(
    "source",
    [
        "{% for x in y %}{{x}}{% endfor %}",
        "{{ a | upper }}",
        "{{ a + b }}",
        "{{ env.KEY }}",
        "{% if x %}",
    ],
)
def test_programs_are_told(source: str) -> None:
    assert converted(source).trouble


def test_a_dump_is_a_text_in_json() -> None:
    assert converted("[{{ x | dump }}]", in_json=True).text == '["${x}"]'
    assert converted("[{{ x | dump }}]").trouble


def test_a_literal_text_fills_in_nothing() -> None:
    text = "a ${b} $${c}"
    assert Text(literal(text)).render(lambda name: "never") == text


def test_values_are_put_in_where_there_are_any() -> None:
    assert filled("${a} ${b} $${a}", {"a": "1"}) == "1 ${b} $${a}"
