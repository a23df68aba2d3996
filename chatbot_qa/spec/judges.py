"""What in a suite asks a model, and what ``lint`` says of it."""

from __future__ import annotations

from collections.abc import Iterator

from chatbot_qa.domain.settings import Config
from chatbot_qa.domain.source import Diagnostic, Severity
from chatbot_qa.domain.suite import Expectation, Suite
from chatbot_qa.registry import MARK, CheckSpec, Registry
from chatbot_qa.spec.fit import checks_of


def asks(expectation: Expectation) -> bool:
    """Whether a check may ask a model."""
    return bool(_asked(expectation))


def _asked(expectation: Expectation) -> bool | str:
    spec: CheckSpec | None = getattr(expectation.function, MARK, None)
    return spec is not None and spec.asks


def asking(suite: Suite, registry: Registry) -> tuple[Expectation, ...]:
    """The checks of a suite that may ask a model."""
    if not any(spec.asks for spec in registry.checks.loaded):
        return ()  # reading the suite has loaded every check that it names
    return tuple(
        expectation
        for declared in suite.declared
        for expectation, _ in checks_of(declared.case)
        if asks(expectation)
    )


def may_ask(suite: Suite, registry: Registry) -> bool:
    """Whether anything in a suite may ask a model: a check, or a case by its kind."""
    if any(declared.case.asks_models for declared in suite.declared):
        return True
    return bool(asking(suite, registry))


def judgeless(suite: Suite, registry: Registry, config: Config) -> Iterator[Diagnostic]:
    """A warning at each check that nobody will decide."""
    for expectation in asking(suite, registry):
        if _asked(expectation) == "language_model":
            if config.language_model is None:
                yield _undecided(
                    expectation, "name a model under `language_model:` in chatbot-qa.yaml"
                )
        elif not config.judges:
            hint = "name a model under `judges:` in chatbot-qa.yaml, as a target is named"
            yield _undecided(expectation, hint)


def _undecided(expectation: Expectation, hint: str) -> Diagnostic:
    return Diagnostic(
        expectation.where,
        "no-judge",
        f"nobody decides `{expectation.name}`: it will be inconclusive",
        hint,
        Severity.WARNING,
    )
