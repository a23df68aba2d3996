"""The CI that a run is made by."""

from __future__ import annotations

from chatbot_qa.pipeline.ci import executor_of

GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "o/r",
    "GITHUB_WORKFLOW": "ci",
    "GITHUB_RUN_NUMBER": "7",
    "GITHUB_RUN_ID": "99",
}


def test_github_is_told_with_its_address() -> None:
    found = executor_of(GITHUB)
    assert found["buildName"] == "ci #7"
    assert found["buildUrl"] == "https://github.com/o/r/actions/runs/99"


def test_a_variable_that_is_not_set_is_empty() -> None:
    assert executor_of({"JENKINS_URL": "x"})["buildName"] == " #"


def test_at_a_desk_there_is_none() -> None:
    assert executor_of({"HOME": "/"}) == {}
