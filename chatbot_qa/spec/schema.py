"""JSON Schema (draft 2020-12) of suites and of ``chatbot-qa.yaml``, for editors and validators.

It is made from what the reader reads by: the keys in ``shape``, the annotations of the
registered case kinds, targets and checks. It is a net with wider meshes than the reader's:
whatever the reader accepts is valid here. Choices hang on a key that is there (``if`` a
check is named ``then`` its options) and not on ``anyOf`` over all of them, so that an
editor can say what is wrong with the one that was meant.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Union

from chatbot_qa.domain.suite import At, Case, Expectation, MessageChecks, Named, Turn
from chatbot_qa.errors import UsageError
from chatbot_qa.registry import Argument, CheckSpec, Registry, Scope, TargetSpec
from chatbot_qa.spec.annotations import ONE_OF, ONE_WILL_DO
from chatbot_qa.spec.forms import FORMS, NAMED, SHARED, TEXT, Schema, default_for
from chatbot_qa.spec.shape import (
    OWN,
    CaseExtras,
    ConfigKeys,
    SuiteKeys,
    TargetKey,
    TargetKeys,
    TurnExtras,
    is_shape,
    keys,
)

DRAFT = "https://json-schema.org/draft/2020-12/schema"
SUITE_FILE = "suite.schema.json"
CONFIG_FILE = "config.schema.json"

_BESIDE: Mapping[str, Schema] = types.MappingProxyType(
    {
        "because": {**FORMS[str], "description": "Why it is expected; shown when it fails"},
        "warn_only": {
            **FORMS[bool],
            "description": "Show a failure, but let the case pass",
            "default": False,
        },
    }
)
_EXTRAS = ((Case, CaseExtras), (Turn, TurnExtras))


def suite_schema(registry: Registry) -> Schema:
    """The schema of a suite."""
    making = _Making(registry)
    sections = {
        kind.name: {
            "type": "array",
            "items": making.keyed(f"case-{kind.name}", kind.case_type),
            "description": _summary(kind.case_type.__doc__),
        }
        for kind in registry.kinds
    }
    whole = making.document("A suite of chatbot_qa", SuiteKeys, sections)
    return {**whole, "patternProperties": {f"^{OWN}": {}}}


def config_schema(registry: Registry) -> Schema:
    """The schema of ``chatbot-qa.yaml``."""
    return _Making(registry).document("chatbot-qa.yaml", ConfigKeys, {})


def render(schema: Schema) -> str:
    """A schema as it is committed."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def write(registry: Registry, folder: Path) -> tuple[Path, Path]:
    """Write both schemas into a folder; returns their paths."""
    suite, config = folder / SUITE_FILE, folder / CONFIG_FILE
    suite.write_text(render(suite_schema(registry)), encoding="utf-8")
    config.write_text(render(config_schema(registry)), encoding="utf-8")
    return suite, config


class _Making:
    """One schema in the making: ``defs`` fills as types are met."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.defs: dict[str, Schema] = dict(SHARED)
        self._named: dict[type, str] = {}
        self._generic: dict[Any, Callable[[tuple[Any, ...], Scope, bool], Schema]] = {
            Literal: lambda parts, _scope, _late: {"enum": list(parts)},
            Union: self._union,
            types.UnionType: self._union,
            tuple: self._list,
            Mapping: self._mapping,
        }

    def document(self, title: str, shape: type, sections: Mapping[str, Schema]) -> Schema:
        """The schema of a whole file."""
        top = self._object(shape)
        top["properties"] |= sections
        defs = {name: self.defs[name] for name in sorted(self.defs)}
        return {"$schema": DRAFT, "title": title, **top, "$defs": defs}

    def of(self, annotation: Any, scope: Scope = "turn", *, late: bool = False) -> Schema:
        """What may stand for an annotation; ``late`` where ``${name}`` may stand for any type."""
        if typing.get_origin(annotation) is Annotated:
            inner, *notes = typing.get_args(annotation)
            said = [note for note in notes if isinstance(note, str)]
            scope = next((note.scope for note in notes if isinstance(note, At)), scope)
            form = self._noted(notes, scope) or self.of(inner, scope, late=late)
            return {**form, "description": said[0]} if said else form
        form = self._plain(annotation, scope, late)
        if late and not _takes_text(form):
            return _any_of([form, NAMED])
        return form

    def _plain(self, annotation: Any, scope: Scope, late: bool) -> Schema:
        if annotation in FORMS:
            return FORMS[annotation]
        if annotation is TargetKey:
            return self._target()
        if annotation is MessageChecks:
            return self._message(scope)
        generic = self._generic.get(typing.get_origin(annotation))
        if generic is not None:
            return generic(typing.get_args(annotation), scope, late)
        if is_shape(annotation):
            return self.keyed(annotation.__name__, annotation)
        raise UsageError(
            f"nothing in YAML can be read as {annotation!r}",
            "a plugin annotates something so; docs/extending.md lists the types there are",
        )

    def _union(self, parts: tuple[Any, ...], scope: Scope, late: bool) -> Schema:
        kept = [part for part in parts if part is not types.NoneType]
        return _any_of([self.of(part, scope, late=late) for part in kept])

    def _list(self, parts: tuple[Any, ...], scope: Scope, late: bool) -> Schema:
        if parts[0] is Expectation:
            return self.checks(scope)
        return {"type": "array", "items": self.of(parts[0], scope, late=late)}

    def _mapping(self, parts: tuple[Any, ...], scope: Scope, late: bool) -> Schema:
        value = self.of(parts[1], scope, late=late)
        if types.NoneType in typing.get_args(parts[1]):  # a name may stand alone
            value = _any_of([value, FORMS[types.NoneType]])
        return {"type": "object", "additionalProperties": value}

    def keyed(self, name: str, shape: type) -> Schema:
        """A reference to the schema of a dataclass, made when it is first met."""
        if shape not in self._named:
            free = name if name not in self.defs else f"{shape.__module__}.{name}"
            self._named[shape] = free
            self.defs[free] = {}
            self.defs[free] = self._object(shape)
        return _ref(self._named[shape])

    def _object(self, shape: type) -> Schema:
        own = keys(shape)
        required = [key.name for key in own if key.required]
        extra = tuple(
            key for base, more in _EXTRAS if issubclass(shape, base) for key in keys(more)
        )
        form: Schema = {
            "type": "object",
            "properties": {key.name: self._key(key) for key in (*own, *extra)},
            "additionalProperties": False,
        }
        ways = next((names for base, names in ONE_OF.items() if issubclass(shape, base)), ())
        if ways:
            form["oneOf"] = [_there(name, form) for name in (*ways, *(key.name for key in extra))]
        if required:
            form["required"] = required
        return form

    def _key(self, key: Argument) -> Schema:
        form = self.of(key.type)
        if key.name in ONE_WILL_DO:
            form = {"anyOf": [TEXT, {"type": "array", "items": TEXT}], **_said(form)}
        return {**form, **default_for(key)}

    def _message(self, scope: Scope) -> Schema:
        """The checks of one message: a name, a list, or a mapping with ``optional`` in it."""
        optional: Schema = {
            "type": "object",
            "properties": {"optional": FORMS[bool]},
            "required": ["optional"],
        }
        return _any_of([TEXT, optional, self.checks(scope)])

    # Targets

    def _target(self) -> Schema:
        if "target" not in self.defs:
            self.defs["target"] = {}
            kinds = list(self.registry.targets)
            branches = [
                {
                    "if": {"properties": {"kind": {"const": kind.name}}},
                    "then": self._target_of(kind),
                }
                for kind in kinds
            ]
            kind_key = {
                **self._key(keys(TargetKeys)[0]),
                "enum": [k.name for k in kinds],
            }
            self.defs["target"] = {
                "type": "object",
                "properties": {"kind": kind_key},
                "required": ["kind"],
                "allOf": branches,
            }
        return _ref("target")

    def _target_of(self, kind: TargetSpec) -> Schema:
        form = self._object(kind.options)
        form["properties"] = {
            **{key.name: self._key(key) for key in keys(TargetKeys)},
            **form["properties"],
        }
        name = f"target-{kind.name}"
        self.defs[name] = form
        return _ref(name)

    # Checks

    def checks(self, scope: Scope) -> Schema:
        """A list of checks, or a mapping of different ones."""
        name = f"checks-{scope}"
        if name not in self.defs:
            self.defs[name] = {}
            self.defs[name] = self._checks(scope)
        return _ref(name)

    def _checks(self, scope: Scope) -> Schema:
        specs = {
            name: spec
            for spec in self.registry.checks
            if scope in spec.scopes
            for name in _names(spec)
        }
        if not specs:
            return {"type": "array", "maxItems": 0}
        values = {name: self._value(name, spec, scope) for name, spec in specs.items()}
        options: dict[str, list[Schema]] = {}
        for spec in dict.fromkeys(specs.values()):
            for argument in spec.arguments:
                options.setdefault(argument.name, []).append(self._argument(argument, scope))
        one = f"check-{scope}"
        self.defs[one] = {
            "type": "object",
            "properties": {
                **{
                    name: _any_of([*([values[name]] if name in values else []), *forms])
                    for name, forms in {**{name: [] for name in values}, **options}.items()
                },
                **_BESIDE,
            },
            "additionalProperties": False,
            "anyOf": [{"required": [name]} for name in values],
            "allOf": [_alone(name, spec, specs) for name, spec in specs.items()],
        }
        bare = [name for name, spec in specs.items() if not _required(spec)]
        items = [_ref(one)]
        if bare:
            said = [_summary(specs[name].doc) for name in bare]
            items.insert(0, {"enum": bare, "enumDescriptions": said})
        return {
            "anyOf": [
                {"type": "array", "items": _any_of(items)},
                _ref(one),
                {"type": "object", "properties": values, "additionalProperties": False},
            ]
        }

    def _noted(self, notes: Sequence[Any], scope: Scope) -> Schema | None:
        """What a key takes that is a check by its own name; None for any other."""
        names = [note.check for note in notes if isinstance(note, Named)]
        return self._value(names[0], self.registry.checks[names[0]], scope) if names else None

    def _value(self, name: str, spec: CheckSpec, scope: Scope) -> Schema:
        """What may stand after ``name:``: the first argument, or a mapping of arguments."""
        named = {item.name: self._argument(item, scope) for item in spec.arguments}
        inside: Schema = {
            "type": "object",
            "properties": {**_BESIDE, **named},
            "additionalProperties": False,
        }
        forms = [*list(named.values())[:1], inside]
        if not _required(spec):
            forms.append(FORMS[types.NoneType])
        several = self.registry.checks.get(f"{spec.name}_any")
        if several is not None and name != spec.name:
            forms.append(self._argument(several.arguments[0], scope))
        names = (f"value-{spec.name}", f"value-{name}", f"value-{name}-{scope}")
        return {**self._shared(_any_of(forms), *names), "description": _about(name, spec)}

    def _shared(self, form: Schema, *names: str) -> Schema:
        """A reference to a form under the first of these names that is free or means the same."""
        for name in names[:-1]:
            if self.defs.setdefault(name, form) == form:
                return _ref(name)
        self.defs[names[-1]] = form
        return _ref(names[-1])

    def _argument(self, argument: Argument, scope: Scope) -> Schema:
        return {**self.of(argument.type, scope, late=True), **default_for(argument)}


def _there(name: str, form: Schema) -> Schema:
    """That a key is there; one that is ``false`` is not."""
    there: Schema = {"required": [name]}
    if form["properties"][name].get("enum") == FORMS[bool]["enum"]:
        there["properties"] = {name: {"enum": [one for one in FORMS[bool]["enum"] if _true(one)]}}
    return there


def _true(typed: bool | str) -> bool:
    return str(typed).lower() == "true"


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _any_of(forms: Iterable[Schema]) -> Schema:
    """One of several forms, each told once; a form that takes anything takes the rest in."""
    told: list[Schema] = []
    for form in forms:
        told += [part for part in _parts(form) if part not in told]
    if {} in told:
        return {}
    return told[0] if len(told) == 1 else {"anyOf": told}


def _parts(form: Schema) -> list[Schema]:
    return form["anyOf"] if form.keys() == {"anyOf"} else [form]


def _takes_text(form: Schema) -> bool:
    """Whether any text at all fits, ``${name}`` among them."""
    return not form or form.get("$ref") == TEXT["$ref"]


def _names(spec: CheckSpec) -> tuple[str, ...]:
    """A check's name and that of its negation."""
    if spec.twin is None:
        return (spec.name,)
    return (spec.name, spec.twin or f"not_{spec.name}")


def _required(spec: CheckSpec) -> list[str]:
    return [argument.name for argument in spec.arguments if argument.required]


def _alone(name: str, spec: CheckSpec, specs: Mapping[str, CheckSpec]) -> Schema:
    """A check in a list has its own options beside it and no others.

    Where its name is an option of a check that stands there too (``json_path`` takes
    ``equals``), it is that option.
    """
    options = [argument.name for argument in spec.arguments]
    masters = [
        other
        for other, its in specs.items()
        if its is not spec and any(argument.name == name for argument in its.arguments)
    ]
    condition: Schema = {"required": [name]}
    if masters:
        condition["not"] = {"anyOf": [{"required": [master]} for master in masters]}
    allowed = list(dict.fromkeys([name, *options, *_BESIDE]))
    return {"if": condition, "then": {"propertyNames": {"enum": allowed}}}


def _about(name: str, spec: CheckSpec) -> str:
    return spec.doc if name == spec.name else f"The opposite of {spec.name}: {_summary(spec.doc)}"


def _said(form: Schema) -> Schema:
    return {"description": form["description"]} if "description" in form else {}


def _summary(doc: str | None) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((doc or "").strip().partition("\n\n")[0].split())
