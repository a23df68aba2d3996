"""Does the reply link to the right place?"""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_qa.checks.base import Evidence, check, decide
from chatbot_qa.domain.verdict import Finding
from chatbot_qa.registry import Flaw, Use
from chatbot_qa.text.excerpt import listed, shown


def _no_address(
    _: Use, *, value: str | None = None, host: str | None = None, starts_with: str | None = None
) -> Flaw | None:
    """Addresses that are none, or two ways of naming one."""
    from chatbot_qa.text.links import host_of, parsed

    given = {"value": value, "host": host, "starts_with": starts_with}
    ways = [name for name, text in given.items() if text is not None]
    if len(ways) > 1:
        hint = "an address says its host already; write two checks for two links"
        return Flaw(f"has both `{ways[0]}` and `{ways[1]}`", hint, (ways[1],))
    for name in ways:
        text = given[name] or ""
        if name == "host":
            if host_of(f"https://{text}") != text.strip().lower().rstrip(".") or "." not in text:
                meant = host_of(text) or "shop.example"
                return Flaw(f"has no host in {shown(text)}", f"such as `{meant}`", (name,))
        elif parsed(text) is None:
            hint = "write it whole, such as https://shop.example/orders; `host:` takes a host alone"
            return Flaw(f"has no address in {shown(text)}", hint, (name,))
    return None


@check("url", scope="turn", verify=_no_address)
def url(
    seen: Evidence,
    *,
    value: str | None = None,
    host: str | None = None,
    starts_with: str | None = None,
) -> Finding:
    """The reply links to this address.

    For bots that send people to a page: `value` is the whole address, `starts_with` its
    beginning, `host` the server or one below it; alone it asks for any link, and
    `not_url` for none. Of a link in Markdown the address counts and not its words; links
    of cards count. A last slash and the case of the host do not matter.

    Example:
        - url: https://shop.example/returns
    """
    from chatbot_qa.text.links import begins, host_of, links, same_address

    cards = (card.url for message in seen.reply.messages for card in message.cards if card.url)
    there = (*links(seen.text), *cards)
    if value is not None:
        what = f"to {shown(value)}"
        holds = any(same_address(link, value) for link in there)
    elif starts_with is not None:
        what = f"below {shown(starts_with)}"
        holds = any(begins(link, starts_with) for link in there)
    elif host is not None:
        what = f"to {shown(host)}"
        name = host.strip().lower().rstrip(".")
        holds = any(f".{host_of(link)}".endswith(f".{name}") for link in there)
    else:
        return decide(bool(there), f"the reply links{_to(there)}", "the reply has no link")
    but = f"; it links{_to(there)}" if there else "; it has no link"
    return decide(holds, f"the reply links {what}", f"the reply has no link {what}{but}")


def _to(there: Sequence[str]) -> str:
    return f" to {listed(tuple(there[:5]), 'and')}"
