"""Finding a user's function, and what it wants to be called with."""

from __future__ import annotations

import inspect
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, get_origin

from msgspec import Struct

from chatbot_qa.errors import UsageError

_NOT_THEIRS = (str(Path(__file__).parent), str(Path(os.__file__).parent), "<frozen")
_OTHER_NAMES = {"messages": "history", "dialogue": "history", "text": "message"}


class Named(Struct, frozen=True):
    """A parameter that is given by its name; an ``optional`` one keeps its default for None."""

    name: str
    meaning: str
    optional: bool


class Wants(Struct, frozen=True):
    """What a function is called with: the meanings of its parameters, in their order."""

    positional: tuple[str, ...] = ()
    named: tuple[Named, ...] = ()

    def __contains__(self, meaning: str) -> bool:
        return meaning in self.positional or any(one.meaning == meaning for one in self.named)

    def bind(self, function: Callable[..., Any], values: Mapping[str, Any]) -> Callable[[], Any]:
        """The call, ready to be made."""
        named = {
            one.name: values[one.meaning]
            for one in self.named
            if not (one.optional and values[one.meaning] is None)
        }
        return partial(function, *[values[meaning] for meaning in self.positional], **named)


def wants(function: Callable[..., Any], known: Sequence[str], name: str) -> Wants:
    """Read off a function's parameters which of the ``known`` values it wants.

    A parameter says so by its name or its annotation, or by being the only one; one with a
    default that says nothing keeps its default. Raises ``UsageError`` for any other.
    """
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # a built-in that does not tell
        return Wants(("message",) if "message" in known else ())
    positional: list[str] = []
    named: list[Named] = []
    for parameter in parameters:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        optional = parameter.default is not parameter.empty
        meaning = _meaning(parameter, known)
        if meaning is None and optional:
            continue
        if meaning is None and "message" in known and not positional and not named:
            meaning = "message"
        if meaning is None:
            raise UsageError(
                f"{name}: it is not clear what its parameter {parameter.name} is to be given",
                f"known: {', '.join(known)}",
            )
        if optional or parameter.kind is parameter.KEYWORD_ONLY:
            named.append(Named(parameter.name, meaning, optional))
        else:
            positional.append(meaning)
    return Wants(tuple(positional), tuple(named))


def _meaning(parameter: inspect.Parameter, known: Sequence[str]) -> str | None:
    name = _OTHER_NAMES.get(parameter.name, parameter.name)
    if name in known:
        return name
    hint = parameter.annotation
    if "history" not in known or hint is parameter.empty:
        return None
    text = hint if isinstance(hint, str) else ""
    listed = get_origin(hint) in (list, tuple, Sequence) or hint in (list, tuple)
    if listed or text.partition("[")[0].rpartition(".")[2] in _LISTS:
        return "history"
    return "message" if hint is str or text == "str" else None


_LISTS = ("History", "Sequence", "list", "List", "tuple", "Iterable")


def load(reference: str, folder: str) -> Callable[..., Any]:
    """The function or class that ``module:name`` or ``path/to/file.py:name`` names.

    Paths and modules are looked for beside the configuration, in ``folder``. Raises
    ``UsageError``.
    """
    source, colon, name = reference.rpartition(":")
    if not colon or not source or not name:
        raise UsageError(
            f"function: {reference} names no function",
            "write module:name, or path/to/file.py:name",
        )
    module = _module(source, Path(folder), reference)
    found: Any = module
    for part in name.split("."):
        if not hasattr(found, part):
            raise UsageError(f"function: there is no {name} in {source}", _near(part, found))
        found = getattr(found, part)
    if not callable(found):
        raise UsageError(
            f"function: {name} in {source} is no function but a {type(found).__name__}",
            "name a function, or a class with say",
        )
    return found  # type: ignore[no-any-return]  # the user's own code, known to be callable


def _module(source: str, folder: Path, reference: str) -> ModuleType:
    is_path = source.endswith(".py")
    path = folder / source
    if is_path and not path.is_file():
        raise UsageError(
            f"function: there is no file {path}",
            "paths are read from the folder of chatbot-qa.yaml",
        )
    beside = str(path.resolve().parent if is_path else folder.resolve())
    if beside not in sys.path:
        sys.path.insert(0, beside)
    try:
        return _run_file(path.resolve()) if is_path else import_module(source)
    except (Exception, SystemExit) as error:
        place = user_line(error, str(folder))
        raise UsageError(
            f"function: {source} cannot be imported: {type(error).__name__}: {error}{place}",
            f"{reference} must be importable from {beside}",
        ) from error


def _run_file(path: Path) -> ModuleType:
    name = f"{path.stem}_{abs(hash(str(path))):x}"
    if name in sys.modules:
        return sys.modules[name]
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pickle look there for a class's module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _near(name: str, holder: object) -> str:
    from difflib import get_close_matches

    names = [known for known in vars(holder) if not known.startswith("_")]
    near = get_close_matches(name, names, n=1)
    return f"did you mean {near[0]}?" if near else "is it spelled right?"


def user_line(error: BaseException, folder: str) -> str:
    """Where in the user's own code an error was raised, as `` (bot.py:12)``; "" if nowhere."""
    frames = traceback.extract_tb(error.__traceback__)
    theirs = [frame for frame in frames if not frame.filename.startswith(_NOT_THEIRS)]
    own = [frame for frame in theirs if "site-packages" not in frame.filename]
    if not theirs:
        return ""
    frame = (own or theirs)[-1]
    return f" ({_shown(frame.filename, folder)}:{frame.lineno})"


def _shown(filename: str, folder: str) -> str:
    try:
        return str(Path(filename).relative_to(Path(folder).resolve()))
    except ValueError:
        return filename
