"""What can be named in a suite: kinds of cases, checks, targets, reporters.

A decorator leaves its description on the function or class that it marks; a registry is
made from the modules that the installed packages name under the entry points
``chatbot_qa.kinds``, ``chatbot_qa.checks``, ``chatbot_qa.targets`` and
``chatbot_qa.reporters``. Built-ins come in by the same door as anyone's plugin, and one
that cannot be loaded stops the run: a missing check must never pass for a passed one.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Any, Generic, Literal, TypeVar

from msgspec import Struct, field

from chatbot_qa.errors import UsageError

MARK = "__chatbot_qa__"
_OURS = "chatbot_qa."

Scope = Literal["turn", "conversation", "group"]


class Argument(Struct, frozen=True):
    """One argument of a check: its type decides how YAML is read into it."""

    name: str
    type: Any
    default: Any = inspect.Parameter.empty

    @property
    def required(self) -> bool:
        """Whether the author must give it."""
        return self.default is inspect.Parameter.empty


class Use(Struct, frozen=True):
    """How a check is used: where it stands, whether negated, how many replies it judges.

    ``replies`` is None where that is not known.
    """

    scope: Scope
    negated: bool = False
    replies: int | None = None


class Flaw(Struct, frozen=True):
    """What is wrong with the arguments of a check, known before any reply.

    ``message`` goes on after the name of the check ("has no bound"), ``hint`` says how to
    mend it. ``at`` leads to the place: the name of an argument, then keys and numbers (from
    0) into its value; empty is the first argument.
    """

    message: str
    hint: str = ""
    at: tuple[str | int, ...] = ()


class CheckSpec(Struct, frozen=True):
    """A check as the suite language sees it.

    ``scopes`` say where it may stand: after a turn, after a conversation, or over all
    cases of a suite. The first argument is the one that a bare value fills. ``verify`` is
    handed a ``Use`` and the arguments that were given, and returns a ``Flaw`` or None. One
    that ``asks`` may ask a model: a judge or another, or the one of that key of chatbot-qa.yaml.
    """

    name: str
    function: Callable[..., Any]
    scopes: tuple[Scope, ...]
    version: int
    twin: str | None
    verify: Callable[..., Flaw | None] | None = None
    asks: bool | Literal["language_model"] = False

    def flaw(self, use: Use, arguments: Mapping[str, Any]) -> Flaw | None:
        """What is wrong with these arguments, once all that were written have a value."""
        if self.verify is None:
            return None
        try:
            return self.verify(use, **arguments)
        except Exception as error:  # of a plugin: told where it is used, never a silent pass
            return Flaw(f"cannot verify its arguments: {type(error).__name__}: {error}")

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """What an author may write, in the order of the function's signature."""
        try:
            hints = typing.get_type_hints(self.function, include_extras=True)
        except NameError as error:
            raise UsageError(
                f"the check {self.name!r} has an annotation that means nothing: {error}",
                "import what it names at run time too, not under `if TYPE_CHECKING:`",
            ) from error
        parameters = tuple(inspect.signature(self.function).parameters.values())
        return tuple(self._argument(parameter, hints) for parameter in parameters[1:])

    def _argument(self, parameter: inspect.Parameter, hints: Mapping[str, Any]) -> Argument:
        name = parameter.name
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            raise UsageError(
                f"the check {self.name!r} cannot be given its argument {name!r} by name",
                "write a `*` before it: def check(seen, *, value: str)",
            )
        if name not in hints:
            raise UsageError(
                f"the argument {name!r} of the check {self.name!r} has no annotation",
                "its type says how YAML is read into it",
            )
        return Argument(name, hints[name], parameter.default)

    @property
    def doc(self) -> str:
        """Its docstring: what it does, why it matters, an example to paste."""
        return inspect.getdoc(self.function) or ""


class KindSpec(Struct, frozen=True):
    """A kind of case: the YAML section of its name, and the examination that decides it."""

    name: str
    case_type: type
    examine: Callable[..., Any]


class TargetSpec(Struct, frozen=True):
    """A kind of target: ``options`` is the frozen dataclass of its keys, ``make`` makes one."""

    name: str
    options: type
    make: Callable[..., Any]


class ReporterSpec(Struct, frozen=True):
    """A reporter: made with the run folder's path, then handed every event.

    ``file`` is what it leaves in the run folder, for people to be pointed at; "" for nothing.
    """

    name: str
    make: Callable[..., Any]
    file: str = ""


Spec = CheckSpec | KindSpec | TargetSpec | ReporterSpec
T = TypeVar("T", CheckSpec, KindSpec, TargetSpec, ReporterSpec)


@cache
def _installed() -> Any:
    """What the installed packages name; reading it anew for each shelf takes 10 ms every time."""
    return entry_points()


class Shelf(Generic[T]):
    """The specs of one sort by name, loaded from their entry points when first looked at."""

    def __init__(self, sort: type[T], group: str, extra: Mapping[str, T] | None = None) -> None:
        self._sort: type[T] = sort
        self._group = group
        self._specs: dict[str, T] = dict(extra or {})
        self._points: list[EntryPoint] | None = None

    def _load(self, point: EntryPoint) -> None:
        try:
            module = import_module(point.module)
        except (Exception, SystemExit) as error:
            raise UsageError(
                f"the plugin {point.name!r} ({point.value}) cannot be loaded: "
                f"{type(error).__name__}: {error}",
                "mend or uninstall it; a run without it would leave checks out in silence",
            ) from error
        found = list(marked(module, self._sort))
        if not found:
            sort = self._group.rpartition(".")[2]
            raise UsageError(
                f"the plugin {point.name!r} ({point.value}) brings no {sort}",
                f"its entry point stands under {self._group}: mark something in that module, or "
                "name the module that does",
            )
        for spec in found:
            known = self._specs.get(spec.name)
            if known is not None and known != spec:
                raise UsageError(
                    f"two plugins bring {self._group.rpartition('.')[2]} named {spec.name!r}",
                    "uninstall one of them",
                )
            self._specs[spec.name] = spec

    @property
    def loaded(self) -> tuple[T, ...]:
        """The specs that something looked at so far."""
        return tuple(self._specs.values())

    def load(self, only: str | None = None) -> None:
        """Load every entry point of the group; with ``only``, of ours no more than that one.

        Anyone else's are loaded in any case, so that one that is broken is never overlooked.
        """
        if self._points is None:
            named = _installed().select(group=self._group)
            self._points = sorted(named, key=lambda point: point.name)
        for point in list(self._points):
            if only is None or point.name == only or not point.module.startswith(_OURS):
                self._load(point)
                self._points.remove(point)

    def get(self, name: str) -> T | None:
        """The spec of that name, or None. Loads no more than it must."""
        if name not in self._specs:
            self.load(name)
        if name not in self._specs:
            self.load()
        return self._specs.get(name)

    def __getitem__(self, name: str) -> T:
        spec = self.get(name)
        if spec is None:
            raise KeyError(name)
        return spec

    def __iter__(self) -> Iterator[T]:
        self.load()
        return iter(sorted(self._specs.values(), key=lambda spec: spec.name))

    @property
    def listed(self) -> tuple[str, ...]:
        """All names, sorted, without loading those that come along."""
        self.load("")
        return tuple(sorted({*self._specs, *(point.name for point in self._points or ())}))

    @property
    def names(self) -> tuple[str, ...]:
        """All names, sorted."""
        return tuple(spec.name for spec in self)


def marked(module: ModuleType, sort: type[T]) -> Iterator[T]:
    """The specs that a module's own decorators left on its functions and classes."""
    for thing in vars(module).values():
        spec = getattr(thing, MARK, None)
        if isinstance(spec, sort):
            yield spec


class Registry(Struct, frozen=True):
    """Everything that can be named. Make one a run; there is no global one."""

    kinds: Shelf[KindSpec] = field(default_factory=lambda: Shelf(KindSpec, "chatbot_qa.kinds"))
    checks: Shelf[CheckSpec] = field(default_factory=lambda: Shelf(CheckSpec, "chatbot_qa.checks"))
    targets: Shelf[TargetSpec] = field(
        default_factory=lambda: Shelf(TargetSpec, "chatbot_qa.targets")
    )
    reporters: Shelf[ReporterSpec] = field(
        default_factory=lambda: Shelf(ReporterSpec, "chatbot_qa.reporters")
    )
