"""``chatbot-qa.yaml``: the targets and profiles that it names, and which of them is meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from chatbot_qa.domain.calibration import Known
from chatbot_qa.domain.settings import Config, Profile, TargetSettings, Varied
from chatbot_qa.domain.source import NOWHERE, Diagnostic, Where
from chatbot_qa.domain.suite import TargetChoice
from chatbot_qa.errors import SuiteError, UsageError
from chatbot_qa.registry import Registry, TargetSpec
from chatbot_qa.spec.annotations import form_of
from chatbot_qa.spec.files import CONFIG, read_source
from chatbot_qa.spec.history import history_of, store_at
from chatbot_qa.spec.models import named_models
from chatbot_qa.spec.positions import ListNode, MapNode, Node, NothingNode, TextNode, parse
from chatbot_qa.spec.reader import BAD, Reader
from chatbot_qa.spec.rules_of_repeats import flaw, flaw_of_errors
from chatbot_qa.spec.secrets import secrets, warn_of_tracked
from chatbot_qa.spec.shape import ConfigKeys, keys
from chatbot_qa.spec.targets import check_amounts, needed, read_over, read_target, with_limits
from chatbot_qa.spec.typed import scan
from chatbot_qa.spec.words import answer

__all__ = ["find_config", "load_config", "secrets", "target_settings", "warn_of_tracked"]


def find_config(start: Path) -> Path | None:
    """The configuration in a folder, or in the nearest folder above it that has one."""
    folder = start.resolve()
    for place in (folder, *folder.parents):
        if (place / CONFIG).is_file():
            return place / CONFIG
        near = (place / CONFIG).with_suffix(".yml")
        if near.is_file():
            raise UsageError(f"{near} would not be read", f"rename it to {CONFIG}")
    return None


def load_config(path: Path | None, registry: Registry) -> tuple[Config, tuple[Diagnostic, ...]]:
    """Read a configuration, with all its mistakes; None is an empty one."""
    if path is None:
        return Config(), ()
    folder = path.parent.as_posix()
    source, unreadable = read_source(path)
    if source is None:
        return Config(folder), tuple(unreadable)
    text, typed = scan(source.text, source.file)
    root, untidy = parse(text, source.file, source.lines)
    reader = Reader(source.file, source.lines, registry)
    config = Config(folder) if root is None else _config(reader, root, folder)
    wrong = dict.fromkeys((*unreadable, *typed, *untidy, *reader.diagnostics))
    return config, tuple(sorted(wrong, key=lambda one: (one.where.line, one.where.column)))


def _config(reader: Reader, root: Node, folder: str) -> Config:
    if root.kind != "mapping":
        known = ", ".join(key.name for key in keys(ConfigKeys))
        reader.wrong(root, "wrong-type", "a configuration has keys with values", f"such as {known}")
        return Config(folder)
    found = reader.gather(root, form_of(ConfigKeys).entries or {}, "a configuration")
    targets: Mapping[str, TargetSettings] = {
        name: replace(settings, name=name) for name, settings in found.get("targets", {}).items()
    }
    defaults = found.get("defaults", Profile())
    written = dict(_mappings(root.get("profiles")))
    profiles = {
        name: _over(defaults, profile, written[name])
        for name, profile in found.get("profiles", {}).items()
    }
    calibrations: tuple[Known, ...] = ()
    if found.get("calibrations"):
        from chatbot_qa.spec.calibrations import known_checks

        at = root.get("calibrations")
        calibrations = known_checks(reader, at, found["calibrations"], Path(folder))
    secrets_asked = {name.source: name.where for name in found.get("secrets", ())}
    named = named_models(reader, root, found, targets)
    config = Config(
        folder,
        targets,
        profiles,
        defaults,
        secrets_asked,
        named.judges,
        named.nli,
        named.embeddings,
        named.targets,
        calibrations,
        history_of(reader, root.get("history"), found.get("history")),
        _where_kept(reader, root.get("history")),
        named.language_model,
    )
    top = root.get("defaults")
    if top is not None and top.kind == "mapping":
        _check_profile(reader, top, defaults, config)
    for name, node in written.items():
        _check_profile(reader, node, profiles[name], config)
    return config


def _where_kept(reader: Reader, node: Node | None) -> Where:
    return NOWHERE if node is None else reader.where(store_at(node))


def _mappings(node: Node | None) -> Iterator[tuple[str, MapNode]]:
    if node is not None and node.kind == "mapping":
        for name, (_, value) in node.entries.items():
            if value.kind == "mapping":
                yield name, value


def _over(defaults: Profile, profile: Profile, node: MapNode) -> Profile:
    """The defaults, with whatever a profile says itself put over them."""
    names = {key.name for key in keys(Profile)} & node.entries.keys()
    own = {name: getattr(profile, name) for name in names}
    return replace(defaults, **own)


def _check_profile(reader: Reader, node: MapNode, profile: Profile, config: Config) -> None:
    """Refuse what is well written but names nothing, or could never be."""
    check_amounts(reader, node, profile, "concurrency")
    check_amounts(reader, node.get("budget"), profile.budget, "calls", "time", "money", "tokens")
    for name, wrong in (
        ("repeat", flaw(profile.repeat)),
        ("errors", flaw_of_errors(profile.errors)),
    ):
        at = node.get(name)
        if at is not None and wrong is not None:
            reader.wrong(at, "bad-repeat", *wrong)
    targets = _choices(config, reader.registry)
    reports = reader.registry.reporters
    target = node.get("target")
    if target is not None and profile.target is not None and profile.target not in targets:
        message = f"there is no target `{profile.target}`"
        reader.wrong(target, "unknown-target", message, answer(profile.target, targets))
    listed = node.get("reports")
    for report in listed.items if listed is not None and listed.kind == "list" else ():
        if report.kind == "text" and reports.get(report.text) is None:
            message = f"there is no report `{report.text}`"
            reader.wrong(report, "unknown-report", message, answer(report.text, reports.names))


def target_settings(
    choice: TargetChoice, config: Config, registry: Registry, where: Where = NOWHERE
) -> TargetSettings:
    """The target that a suite, a profile or ``--target`` asks for.

    ``choice`` is a name in the configuration, a kind that needs no options, either with
    options over its own, a mapping with ``kind``, or what was read of one. Raises
    ``SuiteError`` at ``where``, or ``UsageError`` where that is nowhere, as on the command line.
    """
    if isinstance(choice, TargetSettings):
        return choice
    if isinstance(choice, str):
        return _by_name(choice, config, registry, where)
    reader = Reader(where.file, (), registry)
    if isinstance(choice, Varied):
        settings = _varied(reader, choice, config, registry)
    else:
        settings = read_target(reader, _node(choice), registry)
    if settings is BAD or reader.diagnostics:
        raise _error([one.moved(where) for one in reader.diagnostics])
    found: TargetSettings = replace(settings, where=where)
    return found


def _varied(reader: Reader, choice: Varied, config: Config, registry: Registry) -> Any:
    """A target with options of the command line: a configured one before a kind, as by name."""
    own = config.targets.get(choice.target)
    kind = choice.target if own is None else own.kind
    spec = registry.targets.get(kind)
    if spec is None:
        names = dict.fromkeys((*config.targets, *registry.targets.names))
        diagnostic = Diagnostic(
            NOWHERE,
            "unknown-target",
            f"there is no target `{choice.target}` to set options of",
            answer(choice.target, list(names)),
        )
        raise _error([diagnostic])
    given = with_limits(choice.options, spec)
    if own is None:
        return read_target(reader, _node({"kind": kind, **given}), registry)
    return read_over(reader, _node(given), own, registry)


def _by_name(name: str, config: Config, registry: Registry, where: Where) -> TargetSettings:
    configured = config.targets.get(name)
    if configured is not None:
        return configured
    spec = registry.targets.get(name)
    if spec is None:
        message = f"there is no target `{name}`"
        hint = answer(name, _choices(config, registry))
        raise _error([Diagnostic(where, "unknown-target", message, hint)])
    missing = needed(spec)
    if missing:
        message = f"the target `{name}` needs {' and '.join(f'`{key}`' for key in missing)}"
        example = ", ".join([f"kind: {name}", *(f"{key}: …" for key in missing)])
        hint = f"write a mapping, {{{example}}}, or name it under `targets:` in chatbot-qa.yaml"
        hint += _on_the_command_line(spec, missing)
        raise _error([Diagnostic(where, "incomplete-target", message, hint)])
    return TargetSettings(name, name, spec.options(), where=where)


def _on_the_command_line(spec: TargetSpec, missing: Sequence[str]) -> str:
    """The options of ``run`` that give what is missing; "" where there are none."""
    if not set(missing) <= set(_OPTIONS_OF_RUN):
        return ""
    known = [key.name for key in keys(spec.options)]
    given = " and ".join(
        f"--{name.replace('_', '-')} …" for name in _OPTIONS_OF_RUN if name in known
    )
    return f"; on the command line, add {given}"


_OPTIONS_OF_RUN = ("model", "base_url", "url")
"""Options of targets that ``run --target KIND`` takes on the command line."""


def _choices(config: Config, registry: Registry) -> list[str]:
    """Every name that means a target: those configured, and kinds that need no options."""
    ready = [kind.name for kind in registry.targets if not needed(kind)]
    return list(dict.fromkeys((*config.targets, *ready)))


def _error(wrong: Sequence[Diagnostic]) -> SuiteError | UsageError:
    if wrong[0].where.file:
        return SuiteError(wrong)
    hints = dict.fromkeys(one.hint for one in wrong if one.hint)
    return UsageError("; ".join(one.message for one in wrong), "; ".join(hints))


def _node(data: Any) -> Any:
    """Plain data as if it had been read from a file."""
    if isinstance(data, Mapping):
        entries = {key: (TextNode(key, 1, 1), _node(value)) for key, value in data.items()}
        return MapNode(entries, 1, 1)
    if isinstance(data, list | tuple):
        return ListNode([_node(item) for item in data], 1, 1)
    if data is None:
        return NothingNode(1, 1)
    if isinstance(data, bool):
        return TextNode("true" if data else "false", 1, 1, plain=True)
    return TextNode(str(data), 1, 1, plain=not isinstance(data, str))
