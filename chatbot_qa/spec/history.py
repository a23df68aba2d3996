"""``history:`` of ``chatbot-qa.yaml``: where runs are remembered, and what may not stand there."""

from __future__ import annotations

import re
from typing import Any

from chatbot_qa.domain.settings import History
from chatbot_qa.domain.suite import NAME
from chatbot_qa.spec.positions import Node
from chatbot_qa.spec.reader import Reader
from chatbot_qa.spec.targets import check_amounts

_PASSWORD = re.compile(r"://[^/@]*?:(?P<user>[^@]+)@|[?&]password=(?P<parameter>[^&]+)")
_SECRET = "secret:"
_MEND = "write ${secret:NAME}, and set NAME in the environment or an untracked .env"


def history_of(reader: Reader, node: Node | None, read: Any) -> History | None:
    """The history that ``node`` asks for, of which ``read`` is what was read; None for none."""
    if node is None or read is None:
        return None
    history = History(store=read) if isinstance(read, str) else read
    if node.kind == "mapping":
        check_amounts(reader, node.get("keep"), history.keep, "runs", "days")
    _check_store(reader, store_at(node), history.store)
    return history


def store_at(node: Node) -> Node:
    """What says where the history is kept; all of it, where nothing does."""
    return (node.get("store") or node) if node.kind == "mapping" else node


def _check_store(reader: Reader, at: Node, store: str) -> None:
    if not store.strip():
        reader.wrong(at, "bad-history", "no history can be kept at no place", _NAMES)
    for match in NAME.finditer(store):
        name = match.group(2).strip()
        if not match.group(1) and not name.startswith(_SECRET):
            reader.wrong(at, "bad-history", f"`${{{name}}}` has no value here", _MEND)
    found = _PASSWORD.search(NAME.sub("", store))
    if found is not None:
        reader.wrong(at, "bad-history", "a password must not stand in this file", _MEND)


_NAMES = "name a file, such as .chatbot-qa/history.db, or a postgresql:// URL"
