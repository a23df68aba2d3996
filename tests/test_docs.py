"""The pages for those who build on it are true: their plugins run, their names are there."""

from __future__ import annotations

import inspect
import os
import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import orjson
import pytest

from chatbot_qa.domain import values
from chatbot_qa.registry import Registry
from chatbot_qa.replay.engine import Examined
from chatbot_qa.spec.expand import cases
from chatbot_qa.spec.load import load
from chatbot_qa.spec.positions import MapNode, parse
from chatbot_qa.spec.reader import Reader
from chatbot_qa.spec.variables import Scope
from tests.examine.talking import STARTED
from tests.readme import ROOT, Block, blocks, shows

BIN = Path(sys.executable).parent
EXTENDING = ROOT / "docs" / "extending.md"

Groups = Mapping[str, Mapping[str, str]]


def install(folder: Path, name: str, groups: Groups) -> Path:
    """Make a package's entry points known to whoever has the folder on his path."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = [
        f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in points.items())
        for group, points in groups.items()
    ]
    (info / "entry_points.txt").write_text("\n".join(lines))
    return folder


def execute(command: str, folder: Path, plugins: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a shell that finds ``chatbot-qa`` and the plugins."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    path = f"{BIN}{os.pathsep}{kept['PATH']}"
    environ = kept | {"PATH": path, "CI": "true", "PYTHONPATH": str(plugins), "PYTHONUTF8": "1"}
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stdout, done.stdout
    return done


def files_of(page: Path) -> Iterator[Block]:
    return (block for block in blocks(page) if "file" in block.marks)


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the plugin that the page shows, and its suites."""
    folder = tmp_path_factory.mktemp("acme")
    groups: dict[str, dict[str, str]] = {}
    for block in files_of(EXTENDING):
        file = folder / block.marks["file"]
        file.parent.mkdir(exist_ok=True)
        file.write_text(block.text, encoding="utf-8")
        if block.language == "toml":
            points = tomllib.loads(block.text)["project"]["entry-points"]
            for group, named in points.items():
                groups.setdefault(group, {}).update(named)
    return install(folder, "acme", groups)


def test_the_plugins_of_the_page_run(acme: Path) -> None:
    for block in blocks(EXTENDING):
        if block.language == "console":
            follow(block, acme)


def follow(block: Block, folder: Path) -> None:
    """Run the commands of a block: they end and print as the page says."""
    *_, last = (command for command, _ in block.commands())
    for command, shown in block.commands():
        done = execute(command, folder, folder)
        expected = int(block.marks.get("exit", 0)) if command == last else 0
        place = f"{EXTENDING.name}:{block.line}: $ {command}\n{done.stdout}"
        assert done.returncode == expected, place
        assert shows(shown, done.stdout), place


def test_what_a_plugin_brings_is_listed_and_in_the_schema(acme: Path) -> None:
    listed = execute("chatbot-qa checks", acme, acme).stdout
    assert re.search(r"^polite +The reply uses a polite word\.$", listed, re.M)
    suite = orjson.loads(execute("chatbot-qa schema suite", acme, acme).stdout)
    assert {"polite", "not_polite"} <= named_in(suite)
    asked = suite["properties"]["repeated"]["items"]
    assert suite["properties"]["repeated"]["description"].startswith("A question that is asked")
    assert {"ask", "times", "expect", "skip"} <= named_in(suite["$defs"][asked["$ref"][8:]])
    config = execute("chatbot-qa schema config", acme, acme).stdout
    assert '"echo"' in config
    assert "What stands before every reply" in config


def named_in(schema: Any) -> set[str]:
    """All names of properties in a schema, however deep."""
    if isinstance(schema, list):
        return {name for part in schema for name in named_in(part)}
    if not isinstance(schema, dict):
        return set()
    return set(schema.get("properties", ())) | named_in(list(schema.values()))


def test_the_reporter_writes_its_file(acme: Path) -> None:
    execute("chatbot-qa run polite.yaml echo.yaml --report dots --out both", acme, acme)
    assert (acme / "both" / "dots.txt").read_text() == "F."


def test_a_kind_says_what_it_would_ask_and_asks_it_in_sessions_of_their_own(acme: Path) -> None:
    dry = execute("chatbot-qa run again.yaml --dry-run", acme, acme).stdout
    assert "3 cases, 4 calls" in dry
    execute("chatbot-qa run again.yaml --out asked", acme, acme)
    lines = (acme / "asked" / "journal.jsonl").read_bytes().splitlines()
    trials = [line for line in map(orjson.loads, lines) if line["event"] == "trial"]
    assert sorted((one["case"][-1], one.get("repeat", 0)) for one in trials) == [
        ("1", 0),
        ("1", 1),
        ("2", 0),
        ("2", 1),
    ]


def test_a_kind_that_cannot_ask_is_an_error_and_never_a_failure(acme: Path) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/chat"
        done = execute(f"chatbot-qa run again.yaml --target http --url {url}", acme, acme)
    assert done.returncode == 3, done.stdout
    assert "error[refused]" in done.stdout
    assert "failed[" not in done.stdout


def test_the_source_of_the_page_is_one() -> None:
    (block,) = (block for block in blocks(EXTENDING) if "runs" in block.marks)
    loaded = load((ROOT / "suites" / "returns.yaml",), Registry())
    case = next(cases(loaded.suites[0], Scope(7, STARTED, {})))
    asking = Registry().kinds["conversations"].examine(case, 7)
    holds: dict[str, Any] = {"examined": iter([Examined(0, case, "conversations", asking)])}
    exec(compile(block.text, str(EXTENDING), "exec"), holds)
    (came,) = holds["verdicts"]
    assert came.verdict.trials == ("always",)
    assert came.transcripts[0].exchanges[0].text == "Thank you"


@pytest.mark.parametrize(
    ("file", "most"), [("acme/checks.py", 8), ("acme/bots.py", 8), ("acme/dots.py", 11)]
)
def test_the_smallest_plugin_is_small(file: str, most: int) -> None:
    (text,) = (block.text for block in files_of(EXTENDING) if block.marks["file"] == file)
    assert len([line for line in text.splitlines() if line.strip()]) <= most


def test_three_lines_of_toml_are_enough() -> None:
    lengths = [len(one.text.splitlines()) for one in files_of(EXTENDING) if one.language == "toml"]
    assert lengths
    assert max(lengths) <= 3


SUITE = """\
suite: Broken
target: demo
conversations:
  - id: greets
    turns:
      - say: Hello
        expect:
          - answers
"""

CHECK = """\
from chatbot_qa.checks.base import Evidence, check, passed
from chatbot_qa.domain.verdict import Finding
@check("mine")
def mine(seen: Evidence%s) -> Finding:
    return passed("")
"""

BROKEN = [
    ("checks", "import nothing_there", "cannot be loaded: ModuleNotFoundError"),
    ("checks", "def f(:", "cannot be loaded: SyntaxError"),
    ("checks", "raise SystemExit", "cannot be loaded: SystemExit"),
    ("checks", "mine = 1", "brings no checks"),
    (
        "checks",
        CHECK.replace('"mine"', '"answers"') % "",
        "checks named 'answers'",
    ),
    ("targets", "import nothing_there", "cannot be loaded: ModuleNotFoundError"),
    ("kinds", "import nothing_there", "cannot be loaded: ModuleNotFoundError"),
    ("reporters", "import nothing_there", "cannot be loaded: ModuleNotFoundError"),
]


def broken_plugin(folder: Path, sort: str, code: str) -> None:
    (folder / "broken_plugin.py").write_text(code, encoding="utf-8")
    install(folder, "broken", {f"chatbot_qa.{sort}": {"broken": "broken_plugin"}})


@pytest.mark.parametrize(("sort", "code", "told"), BROKEN)
def test_a_broken_plugin_stops_the_run(tmp_path: Path, sort: str, code: str, told: str) -> None:
    broken_plugin(tmp_path, sort, code)
    (tmp_path / "suite.yaml").write_text(SUITE, encoding="utf-8")
    done = execute("chatbot-qa run suite.yaml --out out", tmp_path, tmp_path)
    assert done.returncode == 2, done.stdout
    assert told in done.stdout
    assert "  = help: " in done.stdout
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (", value: str", "the check 'mine' cannot be given its argument 'value' by name"),
        (", *, value", "the argument 'value' of the check 'mine' has no annotation"),
        (", *, value: 'Nothing'", "the check 'mine' has an annotation that means nothing"),
        (", *, value: set[str]", "the argument `value` of the check `mine` cannot be written"),
    ],
)
def test_a_check_that_nobody_could_write_is_refused(
    tmp_path: Path, arguments: str, told: str
) -> None:
    broken_plugin(tmp_path, "checks", CHECK % arguments)
    suite = SUITE.replace("- answers", "- mine: x")
    (tmp_path / "suite.yaml").write_text(suite, encoding="utf-8")
    done = execute("chatbot-qa lint suite.yaml", tmp_path, tmp_path)
    assert done.returncode == 2, done.stdout
    assert told in done.stdout
    assert execute("chatbot-qa schema", tmp_path, tmp_path).returncode == 2


def test_a_reporter_that_breaks_leaves_the_run_as_it_is(tmp_path: Path) -> None:
    code = """\
from chatbot_qa.report.base import reporter
@reporter("mine")
class Mine:
    def __init__(self, folder): ...
    def on(self, event): raise KeyError("x")
"""
    broken_plugin(tmp_path, "reporters", code)
    (tmp_path / "suite.yaml").write_text(SUITE, encoding="utf-8")
    done = execute("chatbot-qa run suite.yaml --report mine --out out", tmp_path, tmp_path)
    assert done.returncode == 3, done.stdout
    assert "the reporter Mine broke: KeyError: 'x'" in done.stdout
    done = execute("chatbot-qa report out --format json", tmp_path, tmp_path)
    assert done.returncode == 0, done.stdout
    assert orjson.loads(done.stdout)["verdict"] == "passed"


def forms() -> list[tuple[str, str]]:
    """What the page's table says of arguments: each annotation with an example of its YAML."""
    table, _, _ = EXTENDING.read_text("utf-8").partition("## A target\n")
    rows = re.findall(r"^\| `(.+)` \| `(.+)` \|$", table, re.M)
    return [(annotation.replace("\\|", "|"), example) for annotation, example in rows]


@pytest.mark.parametrize(("annotation", "example"), forms())
def test_an_annotation_is_read_as_the_page_says(annotation: str, example: str) -> None:
    known = {**vars(values), "Mapping": Mapping, "Literal": Literal}
    shape = eval(annotation, known)
    lines = [f"value: {example}"]
    node, wrong = parse(lines[0] + "\n", "page.yaml", lines)
    assert not wrong
    reader = Reader("page.yaml", lines, Registry())
    assert isinstance(node, MapNode)
    value = reader.read(node.entries["value"][1], shape)
    assert reader.diagnostics == []
    assert value not in (None, "", ())


def test_every_value_with_a_form_of_its_own_is_listed() -> None:
    listed = {annotation for annotation, _ in forms()}
    own = {
        name
        for name, value in vars(values).items()
        if getattr(value, "__module__", "") == values.__name__
    }
    assert own
    assert own - listed == set()


def documented() -> list[tuple[str, str, str | None]]:
    """Module, name, and the parameters where there are any, of every name that is public."""
    _, _, section = EXTENDING.read_text("utf-8").partition("## Names to build on\n")
    rows = re.findall(r"^\| `([\w.]+)` \| (.+) \|$", section, re.M)
    found = []
    for module, names in rows:
        for name, parameters in re.findall(r"`(\w+)(\([^`]*\))?`", names):
            found.append((module, name, parameters or None))
    return found


def test_there_are_names_to_build_on() -> None:
    assert len(documented()) > 50


@pytest.mark.parametrize(("module", "name", "parameters"), documented())
def test_a_public_name_is_there_as_documented(
    module: str, name: str, parameters: str | None
) -> None:
    thing = getattr(import_module(module), name)
    if parameters is not None:
        assert signature(thing) == parameters, f"{module}.{name}"
    assert is_described(module, name, thing), f"{module}.{name} has no docstring"


def signature(thing: Any) -> str:
    """The names of a thing's parameters, as the page writes them."""
    plain = []
    star = False
    for parameter in inspect.signature(thing).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not star:
            plain.append("*")
        star = star or parameter.kind in (parameter.KEYWORD_ONLY, parameter.VAR_POSITIONAL)
        plain.append(("*" if parameter.kind is parameter.VAR_POSITIONAL else "") + parameter.name)
    return f"({', '.join(plain)})".replace("*, *", "*")


def is_described(module: str, name: str, thing: Any) -> bool:
    """Whether a thing, and whatever it can do, has words of its own."""
    if not inspect.isclass(thing) and not inspect.isfunction(thing):
        source = inspect.getsource(import_module(module))
        return re.search(rf'^{name}\b[^\n]* = [^\n]*(\n[^\n"]+)*\n"""', source, re.M) is not None
    own = thing.__doc__ or ""
    if not own or (is_dataclass(thing) and own.startswith(f"{name}(")):
        return False
    return all(inspect.getdoc(part) for part in public_parts(thing))


def public_parts(thing: Any) -> Sequence[Any]:
    if not inspect.isclass(thing):
        return ()
    return [
        part
        for key, part in vars(thing).items()
        if not key.startswith("_") and (inspect.isfunction(part) or isinstance(part, property))
    ]


def test_the_plugins_of_the_page_use_public_names_alone() -> None:
    public = {(module, name) for module, name, _ in documented()}
    for block in blocks(EXTENDING):
        for module, names in re.findall(r"^from (chatbot_qa\S+) import (.+)$", block.text, re.M):
            for name in names.split(", "):
                assert (module, name) in public, f"{EXTENDING.name}:{block.line}: {module} {name}"
