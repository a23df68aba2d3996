"""``chatbot-qa.yaml``, the targets that it names, and the secrets that are asked for."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.settings import Budget, Config, Gates, Limits, Profile, TargetSettings
from chatbot_qa.domain.source import Diagnostic, Severity, Where
from chatbot_qa.domain.suite import Suite, Varied
from chatbot_qa.domain.values import Data, Duration, Growth, Share
from chatbot_qa.errors import SuiteError, UsageError
from chatbot_qa.registry import Registry, ReporterSpec, Shelf, TargetSpec
from chatbot_qa.spec.config import (
    find_config,
    load_config,
    secrets,
    target_settings,
    warn_of_tracked,
)
from chatbot_qa.spec.targets import secrets_in

HERE = Where("suites/returns.yaml", 2, 1, "target: …")


_KEYS = st.sampled_from(
    ["targets", "profiles", "defaults", "secrets", "kind", "limits", "target", "reports", "budget"]
) | st.text(max_size=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    width: Annotated[int, "In centimetres"] = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    url: Annotated[str, "Where"]
    headers: Annotated[dict[str, str], "Headers"] = field(default_factory=dict)
    token: Annotated[str, "A token"] = "${secret:WIRE_TOKEN}"
    body: Annotated[Data | None, "A template"] = None
    door: Annotated[Door, "A door"] = field(default_factory=Door)

    def __post_init__(self) -> None:
        if not self.url.startswith("http"):
            raise ValueError("`url` begins with http:// or https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Toy:
    leaks: Annotated[bool, "It leaks"] = False


def _make(options: Any, surroundings: Any) -> Any:
    raise AssertionError("reading a configuration makes no target")


@pytest.fixture
def registry() -> Registry:
    targets = {
        "wire": TargetSpec("wire", Wire, _make),
        "toy": TargetSpec("toy", Toy, _make),
    }
    reporters = {name: ReporterSpec(name, _make) for name in ("junit", "html")}
    return Registry(
        targets=Shelf(TargetSpec, "tests.targets", targets),
        reporters=Shelf(ReporterSpec, "tests.reporters", reporters),
    )


def _written(folder: Path, text: str) -> Path:
    path = folder / "chatbot-qa.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _told(diagnostics: tuple[Diagnostic, ...]) -> list[tuple[int, int, str]]:
    return [(one.where.line, one.where.column, one.code) for one in diagnostics]


def test_everything_is_read(tmp_path: Path, registry: Registry) -> None:
    path = _written(
        tmp_path,
        """\
secrets: [STAFF_COUPON]
targets:
  shop:
    kind: wire
    url: https://shop.example/chat
    headers: {X-Version: 1.10, Authorization: "Bearer ${secret:SHOP}"}
    body: {number: 5, text: "5", on: yes}
    door: {width: 90}
    limits: {in_flight: 5, requests_per_minute: 90.5, timeout: 2 min, retries: 0}
  toy: {kind: toy, leaks: true}
defaults:
  target: shop
  concurrency: 7
profiles:
  nightly:
    seed: 3
    tags: slow
    budget: {calls: 1000, time: 1h}
    reports: [junit, html]
    fail_on: failed
""",
    )
    config, diagnostics = load_config(path, registry)
    assert diagnostics == ()
    shop = config.targets["shop"]
    assert (shop.name, shop.kind, shop.where.line) == ("shop", "wire", 4)
    assert shop.options == Wire(
        url="https://shop.example/chat",
        headers={"X-Version": "1.10", "Authorization": "Bearer ${secret:SHOP}"},
        body={"number": 5, "text": "5", "on": "yes"},
        door=Door(width=90),
    )
    assert shop.limits == Limits(
        in_flight=5, requests_per_minute=90.5, timeout=Duration(120), retries=0
    )
    assert config.targets["toy"].options == Toy(leaks=True)
    nightly = config.profiles["nightly"]
    assert nightly.budget == Budget(calls=1000, time=Duration(3600))
    assert (nightly.seed, nightly.tags, nightly.fail_on) == (3, ("slow",), "failed")
    assert nightly.reports == ("junit", "html")
    assert config.secrets["STAFF_COUPON"].column == 11
    assert config.folder == tmp_path.as_posix()


def test_a_profile_stands_over_the_defaults(tmp_path: Path, registry: Registry) -> None:
    path = _written(
        tmp_path,
        """\
defaults: {target: toy, concurrency: 7, fail_on: failed}
profiles:
  pr: {concurrency: 2, fail_on: inconclusive}
  nightly: {}
""",
    )
    config, diagnostics = load_config(path, registry)
    assert diagnostics == ()
    pr, nightly = config.profiles["pr"], config.profiles["nightly"]
    assert (pr.target, pr.concurrency, pr.fail_on) == ("toy", 2, "inconclusive")
    assert (nightly.target, nightly.concurrency, nightly.fail_on) == ("toy", 7, "failed")


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(
    tmp_path: Path, registry: Registry
) -> None:
    path = _written(
        tmp_path,
        """\
targets:
  a: {kind: wier, url: "http://x"}
  b: {kind: wire, urll: "http://x"}
  c: {url: "http://x"}
  d: toy
  e: {kind: wire, url: ftp://x}
  f: {kind: toy, leaks: maybe, limits: {in_flight: 0, retries: -1, timeout: 0s}}
profiles:
  pr: {target: tyo, concurrency: 0, reports: [juint], budget: {calls: -5}}
profile: {}
""",
    )
    _, diagnostics = load_config(path, registry)
    assert _told(diagnostics) == [
        (2, 13, "unknown-kind"),
        (3, 19, "unknown-key"),
        (4, 6, "missing-key"),
        (5, 6, "wrong-type"),
        (6, 13, "bad-options"),
        (7, 25, "wrong-type"),
        (7, 52, "out-of-range"),
        (7, 64, "out-of-range"),
        (7, 77, "out-of-range"),
        (9, 16, "unknown-target"),
        (9, 34, "out-of-range"),
        (9, 47, "unknown-report"),
        (9, 71, "out-of-range"),
        (10, 1, "unknown-key"),
    ]
    hints = {one.code: one.hint for one in diagnostics}
    assert "`wire`" in hints["unknown-kind"]
    assert "`toy`" in hints["unknown-target"]
    assert "`junit`" in hints["unknown-report"]
    assert "`profiles`" in hints["unknown-key"]
    assert all(one.where.text for one in diagnostics)


def test_an_unknown_option_is_answered_with_all_of_them(tmp_path: Path, registry: Registry) -> None:
    path = _written(tmp_path, 'targets:\n  a: {kind: wire, url: "http://x", haeders: {}}\n')
    _, (wrong,) = load_config(path, registry)
    assert "`headers`" in wrong.hint
    assert "body, door, headers, kind, limits, token, url" in wrong.hint


@pytest.mark.parametrize("text", ["- a\n", "just text\n"])
def test_a_file_of_another_shape_is_refused(tmp_path: Path, registry: Registry, text: str) -> None:
    config, (wrong,) = load_config(_written(tmp_path, text), registry)
    assert (wrong.code, wrong.where.line) == ("wrong-type", 1)
    assert config.targets == {}


def test_an_empty_file_and_none_are_empty_configurations(
    tmp_path: Path, registry: Registry
) -> None:
    assert load_config(None, registry) == (Config(), ())
    config, diagnostics = load_config(_written(tmp_path, "# later\n"), registry)
    assert (config.targets, config.default, diagnostics) == ({}, Profile(), ())


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, registry: Registry) -> None:
    _, (wrong,) = load_config(tmp_path / "chatbot-qa.yaml", registry)
    assert wrong.code == "unreadable"


@given(
    st.recursive(
        st.text(max_size=8) | st.integers() | st.booleans() | st.none(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
        max_leaves=12,
    )
)
def test_nothing_that_anyone_writes_raises(data: Any) -> None:
    with TemporaryDirectory() as folder:
        path = _written(Path(folder), yaml.safe_dump(data, allow_unicode=True))
        lines = path.read_text(encoding="utf-8").split("\n")
        _, diagnostics = load_config(path, Registry())
    for one in diagnostics:
        assert 1 <= one.where.line <= len(lines)
        assert one.message


def test_the_nearest_configuration_is_found(tmp_path: Path) -> None:
    deep = tmp_path / "suites" / "shop"
    deep.mkdir(parents=True)
    assert find_config(deep) is None
    path = _written(tmp_path, "")
    assert find_config(deep) == path.resolve()
    nearer = _written(deep.parent, "")
    assert find_config(deep) == nearer.resolve()


def test_a_configuration_under_a_near_name_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "chatbot-qa.yml").write_text("")
    with pytest.raises(UsageError) as caught:
        find_config(tmp_path)
    assert "rename it to chatbot-qa.yaml" in caught.value.hint


def test_a_name_means_the_configured_target_before_a_kind(registry: Registry) -> None:
    mine = TargetSettings("toy", "wire", Wire(url="http://x"))
    config = Config(targets={"toy": mine})
    assert target_settings("toy", config, registry, HERE) is mine
    built_in = target_settings("toy", Config(), registry, HERE)
    assert built_in == TargetSettings("toy", "toy", Toy())


def test_what_was_read_is_taken_as_it_is(registry: Registry) -> None:
    read = TargetSettings("wire", "wire", Wire(url="http://x"), where=HERE)
    assert target_settings(read, Config(), registry) is read


def test_a_mapping_is_read_by_the_options_of_its_kind(registry: Registry) -> None:
    choice = {
        "kind": "wire",
        "url": "http://x",
        "body": {"n": 5, "yes": True, "none": None, "list": ["5"]},
        "limits": {"timeout": "3s"},
    }
    settings = target_settings(choice, Config(), registry, HERE)
    assert settings.options == Wire(
        url="http://x", body={"n": 5, "yes": True, "none": None, "list": ["5"]}
    )
    assert settings.limits.timeout == 3
    assert settings.where == HERE


@pytest.mark.parametrize(
    ("choice", "code", "said"),
    [
        ("tyo", "unknown-target", "`toy`"),
        ("wire", "incomplete-target", "{kind: wire, url: …}"),
        ({"kind": "wire"}, "missing-key", "url"),
        ({"kind": "wire", "url": "http://x", "retries": 1}, "unknown-key", "limits"),
        ({"url": "http://x"}, "missing-key", "toy, wire"),
    ],
)
def test_a_wrong_choice_is_told_where_it_was_made(
    registry: Registry, choice: Any, code: str, said: str
) -> None:
    with pytest.raises(SuiteError) as caught:
        target_settings(choice, Config(), registry, HERE)
    wrong = caught.value.diagnostics[0]
    assert (wrong.where, wrong.code) == (HERE, code)
    assert said in wrong.hint
    with pytest.raises(UsageError) as used:
        target_settings(choice, Config(), registry)
    assert (used.value.message, used.value.hint) == (wrong.message, wrong.hint)


def test_options_of_a_command_line_stand_over_those_of_a_configured_target(
    registry: Registry,
) -> None:
    mine = TargetSettings(
        "toy", "wire", Wire(url="http://x", token="t"), Limits(retries=7, timeout=Duration(9)), HERE
    )
    config = Config(targets={"toy": mine})
    varied = target_settings(Varied("toy", {"url": "http://y", "timeout": "3s"}), config, registry)
    assert (varied.name, varied.kind) == ("toy", "wire")
    assert varied.options == Wire(url="http://y", token="t")
    assert varied.limits == Limits(retries=7, timeout=Duration(3))


def test_options_and_limits_of_a_command_line_make_a_target_of_a_kind(registry: Registry) -> None:
    made = target_settings(Varied("toy", {"leaks": "true", "retries": "0"}), Config(), registry)
    assert made.options == Toy(leaks=True)
    assert made.limits == Limits(retries=0)


@pytest.mark.parametrize(
    ("target", "options", "said"),
    [
        ("mine", {"kind": "toy"}, "`kind` is no key of a target of the kind wire"),
        ("mine", {"uri": "http://y"}, "`uri` is no key of a target of the kind wire"),
        ("mine", {"url": "y"}, "`url` begins with http:// or https://"),
        ("mine", {"timeout": "0s"}, "`timeout` must be more than 0"),
        ("mine", {"retries": "often"}, "often"),
        ("mien", {"url": "http://y"}, "there is no target `mien` to set options of"),
    ],
)
def test_options_of_a_command_line_that_cannot_be_are_refused(
    registry: Registry, target: str, options: dict[str, str], said: str
) -> None:
    config = Config(targets={"mine": TargetSettings("mine", "wire", Wire(url="http://x"))})
    with pytest.raises(UsageError, match=re.escape(said)):
        target_settings(Varied(target, options), config, registry)


def test_a_latency_may_be_allowed_to_more_than_double_but_no_pass_rate(
    tmp_path: Path, registry: Registry
) -> None:
    gates = "gates: {slower_by: 150%, costlier_by: 0.5, worse_by: 100%}"
    read, wrong = load_config(_written(tmp_path, f"defaults: {{{gates}}}\n"), registry)
    assert not wrong
    assert read.default.gates == Gates(
        slower_by=Growth(1.5), costlier_by=Growth(0.5), worse_by=Share(1)
    )
    for gate in ("slower_by: -1%", "slower_by: 20", "slower_by: 1e999%", "worse_by: 150%"):
        _, wrong = load_config(_written(tmp_path, f"defaults: {{gates: {{{gate}}}}}\n"), registry)
        assert [one.code for one in wrong] == ["bad-share"]


# Secrets


def _suite(*names: str) -> Suite:
    return Suite("Returns", HERE.file, HERE, secrets=dict.fromkeys(names, HERE))


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("\ufeffA=from file\nexport B='it ${A} #1'\nUNASKED=x\n", encoding="utf-8")
    found = secrets(Config(), [_suite("A", "B")], {"A": "from environment", "PATH": "x"}, dotenv)
    assert found == {"A": "from environment", "B": "it ${A} #1"}


def test_secrets_of_targets_are_asked_for_where_the_target_stands() -> None:
    used = TargetSettings("shop", "wire", Wire(url="http://x/${secret:A}"), where=HERE)
    other = TargetSettings("b", "wire", Wire(url="http://x", headers={"a": "${secret:B}"}))
    config = Config(targets={"shop": used, "b": other})
    assert secrets(config, [], {"A": "a"}, None, [used]) == {"A": "a"}
    assert secrets(config, [], {"A": "a", "B": "b"}, None, [used]) == {"A": "a", "B": "b"}
    with pytest.raises(SuiteError) as caught:
        secrets(config, [], {}, None, [used])
    (wrong,) = caught.value.diagnostics
    assert (wrong.where, wrong.code) == (HERE, "missing-secret")
    with pytest.raises(SuiteError):
        secrets(config, [], {"A": "a"}, None)


def test_a_secret_that_a_kind_asks_for_by_default_may_lack() -> None:
    target = TargetSettings("shop", "wire", Wire(url="http://x"))
    assert secrets(Config(), [], {}, None, [target]) == {}
    assert secrets(Config(), [], {"WIRE_TOKEN": "t"}, None, [target]) == {"WIRE_TOKEN": "t"}


def test_the_key_of_openai_is_taken_where_it_is_set() -> None:
    target = target_settings({"kind": "openai", "model": "m"}, Config(), Registry())
    assert secrets(Config(), [], {}, None, [target]) == {}
    assert secrets(Config(), [], {"OPENAI_API_KEY": "k"}, None, [target]) == {"OPENAI_API_KEY": "k"}


def test_all_missing_secrets_are_told_with_the_way_to_set_them() -> None:
    config = Config(secrets={"C": Where("chatbot-qa.yaml", 1, 11)})
    with pytest.raises(SuiteError) as caught:
        secrets(config, [_suite("A", "B")], {"B": ""}, None)
    wrong = caught.value.diagnostics
    assert [str(one.where) for one in wrong] == [str(HERE), str(HERE), "chatbot-qa.yaml:1:11"]
    assert [name for one in wrong for name in "ABC" if f"secret {name} " in one.message] == [*"ABC"]
    assert "environment variable A" in wrong[0].hint
    assert "A=…" in wrong[0].hint


def test_a_file_of_secrets_that_is_no_text_is_told(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_bytes(b"A=\xff\xfe\n")
    with pytest.raises(UsageError) as caught:
        secrets(Config(), [_suite("A")], {}, dotenv)
    assert ".env" in caught.value.message


def test_every_secret_in_options_is_found() -> None:
    options = Wire(
        url="http://${secret:A}/$${secret:NOT}",
        headers={"x": "${ secret:B }", "${secret:C}": ""},
        body={"list": [{"deep": "${secret:D} ${message}"}]},
    )
    assert list(secrets_in(options)) == ["A", "B", "C", "WIRE_TOKEN", "D"]


def test_a_tracked_file_of_secrets_is_warned_of(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    assert warn_of_tracked(dotenv) == ()
    dotenv.write_text("A=b\n")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert warn_of_tracked(dotenv) == ()
    subprocess.run(["git", "-C", str(tmp_path), "add", "-f", ".env"], check=True)
    (warning,) = warn_of_tracked(dotenv)
    assert warning.severity is Severity.WARNING
    assert "git rm --cached .env" in warning.hint
