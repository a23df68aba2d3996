"""Suites that these tests run against the demo bot."""

RETURNS = """\
suite: Returns desk
conversations:
  - id: remembers
    tags: [memory]
    turns:
      - say: My order number is A-1042. How long can I send it back?
        expect:
          - contains: 30 days
      - say: Which order were we talking about?
        expect:
          - recalls: A-1042
  - id: bananas
    turns:
      - say: Hello
        expect:
          - contains: bananas
            because: the shop sells fruit since March
  - id: hours
    tags: [facts]
    turns:
      - say: When are you open?
        expect:
          - answers
  - id: later
    skip: waits for the new catalogue
    turns:
      - say: What is new?
"""

GOOD = """\
suite: Good
conversations:
  - id: greets
    turns:
      - say: Hello
        expect:
          - answers
"""

NAMES = ("Ada", "Bo", "Cleo", "Dov", "Eve", "Finn", "Gil", "Hal", "Ida", "Jo", "Kim", "Lou")


def people(number: int = 12) -> str:
    """A suite with a conversation of three turns for each of so many people."""
    rows = "\n".join(f"      - {{id: p{n}, name: {name}{n}}}" for n, name in _people(number))
    return f"""\
suite: People
conversations:
  - id: remembers-name
    turns:
      - say: Hello, my name is ${{name}}.
      - say: How long can I, ${{name}}, send it back?
        expect:
          - contains: 30 days
      - say: What is my name? It is not ${{name}}x.
        expect:
          - contains: ${{name}}
    examples:
{rows}
"""


def _people(number: int) -> list[tuple[int, str]]:
    return [(n, NAMES[n % len(NAMES)]) for n in range(number)]
