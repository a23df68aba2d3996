"""GitHub's REST interface, as far as a comment and a check run need it.

Documentation: https://docs.github.com/rest. The token goes into one header of requests to one
host, and into no message.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chatbot_qa import __version__
from chatbot_qa.errors import ChatbotQaError
from chatbot_qa.pipeline.github_place import Place

if TYPE_CHECKING:
    import requests

PAGE = 100
MOST_PAGES = 50
TIMEOUT = (5.0, 30.0)
"""Seconds to connect, and to wait for an answer."""

_OF_A_JOB = "ghs_"
"""How the tokens of jobs and apps begin; what they write is by a bot."""
_MAY_NOT = (401, 403, 404)

Json = dict[str, Any]


class NotAllowed(ChatbotQaError):
    """The token may not do this, as those of pull requests from forks may not."""


class GitHubError(ChatbotQaError):
    """GitHub did not answer, or not as documented."""


class GitHub:
    """One repository, by one token."""

    def __init__(self, place: Place) -> None:
        self._base = f"{place.api.rstrip('/')}/repos/{place.repository}"
        self._bots_alone = place.token.startswith(_OF_A_JOB)
        self._session = _session(place.token)

    def stick(self, pull: int, marker: str, body: str) -> str:
        """Write the comment that begins with ``marker``, in place of an earlier one.

        Returns its address. Raises ``NotAllowed`` or ``GitHubError``.
        """
        for comment in self._pages(f"issues/{pull}/comments"):
            if self._is_ours(comment, marker):
                path = f"issues/comments/{comment['id']}"
                return str(self._ask("PATCH", path, {"body": body}).get("html_url", ""))
        made = self._ask("POST", f"issues/{pull}/comments", {"body": body})
        return str(made.get("html_url", ""))

    def _is_ours(self, comment: Mapping[str, Any], marker: str) -> bool:
        """Whether it begins with our marker; a person may have copied it into one of theirs."""
        author = comment.get("user") or {}
        if self._bots_alone and author.get("type") != "Bot":
            return False
        return str(comment.get("body") or "").split("\n", 1)[0].strip() == marker

    def pull_of(self, commit: str) -> int | None:
        """The open pull request that a commit is the head of, if there is one."""
        for pull in self._pages(f"commits/{commit}/pulls"):
            head = pull.get("head") or {}
            if pull.get("state") == "open" and head.get("sha") == commit:
                return int(pull["number"])
        return None

    def check_run(self, check: Mapping[str, Any]) -> str:
        """Make a check run; returns its address. Raises ``NotAllowed`` or ``GitHubError``."""
        return str(self._ask("POST", "check-runs", check).get("html_url", ""))

    def _pages(self, path: str) -> Iterator[Json]:
        for number in range(1, MOST_PAGES + 1):
            page = self._ask("GET", f"{path}?per_page={PAGE}&page={number}")
            yield from page
            if len(page) < PAGE:
                return

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        import requests

        url = f"{self._base}/{path}"
        try:
            answer = self._session.request(method, url, json=body, timeout=TIMEOUT)
        except requests.RequestException as error:
            raise GitHubError(
                f"GitHub did not answer ({method} {path}): {type(error).__name__}",
                "look whether GitHub is up, and run the step again",
            ) from error
        if answer.status_code in _MAY_NOT:
            raise NotAllowed(
                f"the token may not do this ({method} {path}: {answer.status_code})",
                "give the job `permissions:` with pull-requests: write, and checks: write for "
                "check runs; pull requests from forks get neither",
            )
        if not answer.ok:
            raise GitHubError(f"GitHub refused ({method} {path}: {answer.status_code})")
        try:
            return answer.json()
        except requests.JSONDecodeError as error:
            raise GitHubError(f"GitHub's answer is not JSON ({method} {path})") from error


def _session(token: str) -> requests.Session:
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3.util import Retry

    session = requests.Session()
    session.headers.update(
        {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {token}",
            "User-Agent": f"chatbot-qa/{__version__}",
            "X-GitHub-Api-Version": "2022-11-28",
        }
    )
    again: Sequence[str] = ("GET", "PATCH")  # a POST that was heard must not be made twice
    retry = Retry(
        total=3, backoff_factor=0.5, status_forcelist=(502, 503, 504), allowed_methods=again,
        raise_on_status=False,
    )  # fmt: skip
    adapter = HTTPAdapter(max_retries=retry)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session
