from __future__ import annotations

import pytest

from chatbot_qa.text.answer_names import Naming, naming
from chatbot_qa.text.answer_words import bare, content, indexed, words


@pytest.mark.parametrize(
    ("name", "reply", "how"),
    [
        ("Taylor Michel Momsen", "It was played by Taylor Momsen.", Naming.FULL),
        ("Mankombu Sambasivan Swaminathan", "It was Dr. M.S. Swaminathan.", Naming.FULL),
        ("Matthew Gregory Wise", "Greg Wise played him.", Naming.FULL),
        ("Patrick Walshe", "Pat Walshe played him.", Naming.FULL),
        ("David Joseph Madden", "Dave Madden played him.", Naming.FULL),
        ("J. K. Rowling", "Joanne Rowling wrote it.", Naming.FULL),
        ("Howard Rollins Jr.", "Howard Rollins played him.", Naming.FULL),
        ("Mike Post", "It is by Post.", Naming.LAST),
        ("Robert Adamson", "Mr. Adamson plays him.", Naming.LAST),
        ("Tristan Rogers", "Roy Rogers plays him.", Naming.OTHER),
        ("Judas Iscariot", "It was Judas.", Naming.FIRST),
        ("Jane Austen", "Charlotte Brontë wrote it.", Naming.NONE),
        ("the cell", "the cell", Naming.NONE),
        ("Celtic", "Celtic", Naming.NONE),
    ],
)
def test_naming(name, reply, how):
    assert naming(content(words(bare(name))), indexed(words(bare(reply)))) is how
