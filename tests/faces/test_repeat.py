"""Options of a target on the command line, and the line that repeats a case."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_qa.errors import UsageError
from chatbot_qa.faces.cli.repeat import again_of, settings_of
from chatbot_qa.pipeline.options import Asked


def test_settings_are_names_with_values_and_a_bare_name_is_true() -> None:
    assert settings_of(["forget-after=3", "leaks", "base=a=b"]) == {
        "forget_after": "3",
        "leaks": "true",
        "base": "a=b",
    }


@pytest.mark.parametrize("name", ["api_key", "auth", "headers", "PASSWORD", "access-token"])
def test_a_credential_is_refused_and_not_repeated(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        settings_of([f"{name}=hunter2000"])
    assert "hunter2000" not in caught.value.message + caught.value.hint
    assert "${secret:NAME}" in caught.value.hint


def test_the_line_that_repeats_asks_the_same_target_in_the_same_way() -> None:
    asked = Asked(target="openai", options={"base_url": "http://me:pw@h/v1", "seed": "3"})
    line = again_of(asked, Path("a b.yaml"), 7, "pull requests")
    assert line == (
        "--target openai --base-url http://h/v1 --set seed=3 --profile 'pull requests' "
        "--config 'a b.yaml' --seed 7"
    )


def test_there_is_nothing_to_add_where_the_suite_says_it_all() -> None:
    assert again_of(Asked()) == ""
