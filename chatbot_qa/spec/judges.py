"""What in a suite asks a model, and what ``lint`` says of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from chatbot_qa.domain.settings import LANGUAGE, Config, TargetSettings
from chatbot_qa.domain.source import Diagnostic, Severity
from chatbot_qa.domain.suite import Expectation, Suite
from chatbot_qa.registry import MARK, CheckSpec, Registry
from chatbot_qa.spec.fit import checks_of

LANGUAGE_MODEL: Final = "language_model"
"""What a check says that asks the language model, and no judge."""


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


def models_of(
    suites: Iterable[Suite], registry: Registry, config: Config
) -> Mapping[str, TargetSettings]:
    """The models of a configuration that anything in these suites may ask, by their names.

    The language model is asked by checks that say so alone, and by nothing else.
    """
    wanted: set[bool] = set()
    for suite in suites:
        wanted |= {_asked(one) == LANGUAGE_MODEL for one in asking(suite, registry)}
        if any(declared.case.asks_models for declared in suite.declared):
            wanted.add(False)
    return {name: one for name, one in config.asked.items() if (name == LANGUAGE) in wanted}


def judgeless(suite: Suite, registry: Registry, config: Config) -> Iterator[Diagnostic]:
    """A warning at each check that nobody will decide."""
    for expectation in asking(suite, registry):
        if _asked(expectation) == LANGUAGE_MODEL:
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
