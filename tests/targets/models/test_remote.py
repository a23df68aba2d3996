"""Models of sentences behind OpenAI's ``/embeddings``."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.transcript import Reply, Usage
from chatbot_qa.domain.values import Money
from chatbot_qa.targets.base import Busy, Fault, Surroundings
from chatbot_qa.targets.models.embeddings import make
from chatbot_qa.targets.models.options import EmbeddingsOptions
from chatbot_qa.targets.models.remote import cosine
from chatbot_qa.targets.pricing import Price
from tests.targets.asking import go
from tests.targets.fakes import Asked, Handler, Server, answering, by, serving

from .making import ask, opened

VECTORS = {"nine to five": [3.0, 4.0], "9 to 5": [4.0, 3.0]}


def embedded(*vectors: Any, **more: Any) -> dict[str, Any]:
    """An answer with these vectors, as OpenAI's server gives it."""
    data = [{"object": "embedding", "index": n, "embedding": v} for n, v in enumerate(vectors)]
    return {"object": "list", "data": data, "model": "m", **more}


def by_text(asked: Asked) -> dict[str, Any]:
    return embedded(*(VECTORS[text] for text in asked.json["input"]))


def replied(
    handler: Handler, secrets: dict[str, str] | None = None, **options: Any
) -> tuple[Reply, Server]:
    """The reply to one pair, and the server that was asked."""

    async def asked() -> tuple[Reply, Server]:
        async with serving(handler) as server:
            given = {"model": "m", "base_url": f"{server.url}/v1", **options}
            target = make(EmbeddingsOptions(**given), Surroundings(secrets=secrets or {}))
            try:
                session = await opened(target)
                return await ask(session, first="nine to five", second="9 to 5"), server
            finally:
                await target.close()

    return go(asked())


def test_two_texts_go_and_their_cosine_comes() -> None:
    reply, server = replied(by(by_text))
    assert reply.data == {"cosine": 0.96}
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/v1/embeddings")
    assert asked.json == {
        "model": "m",
        "input": ["nine to five", "9 to 5"],
        "encoding_format": "float",
    }
    assert "authorization" not in asked.headers


def test_vectors_are_told_apart_by_their_index_and_not_by_their_place() -> None:
    answer = embedded([1.0, 0.0], [1.0, 0.0], [0.0, 1.0])
    answer["data"][0]["index"], answer["data"][2]["index"] = 2, 0
    reply, _ = replied(answering(answer))
    assert reply.data == {"cosine": 0.0}


def test_a_server_that_numbers_nothing_keeps_the_order() -> None:
    reply, _ = replied(answering({"data": [{"embedding": [1, 0]}, {"embedding": [-2, 0]}]}))
    assert reply.data == {"cosine": -1.0}


def test_the_key_dimensions_and_headers_go_along() -> None:
    _, server = replied(
        by(by_text),
        {"OPENAI_API_KEY": "sk-of-the-house"},
        dimensions=2,
        headers={"X-Team": "qa"},
    )
    (asked,) = server.asked
    assert asked.headers["authorization"] == "Bearer sk-of-the-house"
    assert asked.headers["x-team"] == "qa"
    assert asked.json["dimensions"] == 2


def test_tokens_and_what_they_cost_are_kept() -> None:
    answer = embedded([1.0], [1.0], usage={"prompt_tokens": 500, "total_tokens": 500})
    prices = {"m": Price(input=2.0, output=0.0)}
    reply, _ = replied(answering(answer), prices=prices)
    assert reply.usage == Usage(500, 0)
    assert reply.cost == Money(0.001, "USD")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (embedded([1.0, 0.0]), "no-vectors"),
        (embedded([1.0, 0.0], [1.0]), "no-vectors"),
        (embedded([1.0, 0.0], [0.0, 0.0]), "no-vectors"),
        (embedded([1.0, "x"], [0.0, 1.0]), "no-vectors"),
        (embedded("AACAPw==", "AACAPw=="), "no-vectors"),
        ({"data": None}, "no-vectors"),
        ([], "no-vectors"),
        ({"error": {"message": "no such model"}}, "error-reply"),
        (b"<html><title>Login</title></html>", "html"),
        (b"", "empty"),
    ],
)
def test_an_answer_without_two_vectors_is_a_fault(answer: Any, kind: str) -> None:
    with pytest.raises(Fault) as found:
        replied(answering(answer))
    assert found.value.note.kind == kind
    assert found.value.note.again.startswith("curl ")


def test_a_server_that_is_busy_is_asked_later() -> None:
    with pytest.raises(Busy):
        replied(answering({"error": {"message": "slow down"}}, "429 Too Many Requests"))


def test_the_key_stands_in_no_fault() -> None:
    with pytest.raises(Fault) as found:
        replied(answering({}, "401 Unauthorized"), api_key="sk-very-secret")
    assert "very-secret" not in found.value.note.message + found.value.note.again


@pytest.mark.parametrize("before", ["", "/v1", "/v1/", "/v1/embeddings", "/v1/embeddings/"])
def test_the_address_may_be_written_as_far_as_one_likes(before: str) -> None:
    target = make(EmbeddingsOptions(model="m", base_url=f"http://h{before}"), Surroundings())
    expected = "http://h/embeddings" if not before else "http://h/v1/embeddings"
    assert expected in target.fingerprint.split()
    assert not target.local
    go(target.close())


def test_what_decides_the_vectors_tells_it_from_others_and_the_key_does_not() -> None:
    def fingerprint(**options: Any) -> str:
        given = {"model": "m", "base_url": "http://h/v1", **options}
        return make(EmbeddingsOptions(**given), Surroundings()).fingerprint

    plain = fingerprint()
    assert plain == fingerprint(api_key="sk-secret", different_below=0.2)
    others: list[dict[str, Any]] = [
        {"model": "n"},
        {"dimensions": 2},
        {"headers": {"X-Pool": "cls"}},
    ]
    assert len({plain, *(fingerprint(**other) for other in others)}) == 4


_NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=2)


@given(st.lists(_NUMBERS, min_size=1, max_size=30))
def test_a_cosine_lies_between_its_bounds_and_has_no_direction(rows: list[list[float]]) -> None:
    first, second = ([row[n] for row in rows] for n in (0, 1))
    near = cosine(first, second)
    assert near == cosine(second, first)
    assert near is None or -1 <= near <= 1
    itself = cosine(first, first)
    assert itself is None or itself == pytest.approx(1)
