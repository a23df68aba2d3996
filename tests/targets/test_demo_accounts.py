"""The demo shop's accounts: a login, a logout, and what a server would refuse."""

from __future__ import annotations

import pytest

from chatbot_qa.domain.plan import Call, Message
from chatbot_qa.targets.base import Fault, Surroundings
from chatbot_qa.targets.demo.accounts import Accounts
from chatbot_qa.targets.requests import RequestsTarget
from tests.targets.asking import go, start

LOGIN = Call("demo://shop/login", body={"user": "anna"})


def test_a_login_gives_a_token_and_an_order_and_ends_with_a_logout() -> None:
    accounts = Accounts()
    data = accounts.answer(LOGIN).data
    assert data["user"] == "anna"
    assert str(data["order"]).startswith("A-")
    assert accounts.answer(LOGIN).data["token"] != data["token"]
    goodbye = Call(f"demo://shop/sessions/{data['token']}", "DELETE")
    assert accounts.answer(goodbye).data == {}
    with pytest.raises(Fault, match="404: nobody is logged in"):
        accounts.answer(goodbye)


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (Call("demo://shop/login"), "400"),
        (Call("demo://shop/login", body={"user": ""}), "400"),
        (Call("demo://shop/login", "GET"), "404"),
        (Call("demo://shop/cellar"), "404"),
    ],
)
def test_what_makes_no_sense_is_refused(call: Call, why: str) -> None:
    with pytest.raises(Fault, match=why):
        Accounts().answer(call)


@pytest.mark.parametrize("url", ["shop.example.com", "ftp://example.com", ""])
def test_what_is_no_address_is_a_fault_and_no_crash(url: str) -> None:
    async def called() -> None:
        target = RequestsTarget(Surroundings())
        session = await target.open(start())
        try:
            await session.say(Message(call=Call(url)), 0.0)
        finally:
            await session.close()
            await target.close()

    with pytest.raises(Fault) as fault:
        go(called())
    assert fault.value.note.kind == "bad-url"
