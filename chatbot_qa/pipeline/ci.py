"""The CI that a run is made by, from the CI's own variables."""

from __future__ import annotations

from collections.abc import Mapping


def executor_of(environ: Mapping[str, str]) -> dict[str, str]:
    """Name, type, build and address as Allure's ``executor.json`` has them; empty at a desk."""
    for is_this, describe in _KNOWN:
        if is_this in environ:
            return describe(_Lenient(environ))
    return {}


class _Lenient(dict[str, str]):
    """The environment, with an empty text for what is not set."""

    def __missing__(self, key: str) -> str:
        return ""


def _github(env: Mapping[str, str]) -> dict[str, str]:
    base = f"{env['GITHUB_SERVER_URL']}/{env['GITHUB_REPOSITORY']}"
    return {
        "name": "GitHub Actions",
        "type": "github",
        "buildName": f"{env['GITHUB_WORKFLOW']} #{env['GITHUB_RUN_NUMBER']}",
        "buildUrl": f"{base}/actions/runs/{env['GITHUB_RUN_ID']}",
    }


def _gitlab(env: Mapping[str, str]) -> dict[str, str]:
    return {
        "name": "GitLab CI",
        "type": "gitlab",
        "buildName": f"{env['CI_PROJECT_PATH']} #{env['CI_PIPELINE_IID']}",
        "buildUrl": env["CI_PIPELINE_URL"],
    }


def _jenkins(env: Mapping[str, str]) -> dict[str, str]:
    return {
        "name": "Jenkins",
        "type": "jenkins",
        "buildName": f"{env['JOB_NAME']} #{env['BUILD_NUMBER']}",
        "buildUrl": env["BUILD_URL"],
    }


_KNOWN = (("GITHUB_ACTIONS", _github), ("GITLAB_CI", _gitlab), ("JENKINS_URL", _jenkins))
