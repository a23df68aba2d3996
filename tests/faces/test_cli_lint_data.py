from __future__ import annotations

import json

GOOD = {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes."}]}
HOSTILE = "\x1b[31m\u202e"
BAD = {"messages": [{"role": "user", "content": HOSTILE}, {"role": "user", "content": "x"}]}


def test_a_sound_file_ends_in_0(command, here):
    (here / "a.jsonl").write_text(json.dumps(GOOD))
    ended = command("lint-data", "a.jsonl", "--price", "25")
    assert ended.code == 0, ended.all
    assert "a.jsonl: 1 row; messages: 1 assistant, 1 user" in ended.out
    assert "cost: 0.0001" in ended.out
    assert ended.out.endswith("no problems\n")


def test_problems_are_shown_with_the_authors_line_and_nothing_steers(command, here):
    line = json.dumps(BAD, ensure_ascii=False)
    (here / "a.jsonl").write_text("\n".join([line] * 3))
    ended = command("lint-data", "a.jsonl", "--most", "1")
    assert ended.code == 2
    assert "error[role-order]: message 2 is of the user, like the one before it" in ended.out
    assert "--> a.jsonl:1:" in ended.out
    assert "= help: join the two" in ended.out
    assert "\x1b" not in ended.out
    assert "\u202e" not in ended.out
    assert "error: role-order: 3, 2 of them not shown" in ended.out


def test_warnings_alone_end_in_0(command, here):
    (here / "a.jsonl").write_text("\n".join([json.dumps(GOOD)] * 2))
    ended = command("lint-data", "a.jsonl")
    assert ended.code == 0
    assert "warning: duplicate-row: 1" in ended.out


def test_json_is_for_scripts(command, here):
    (here / "a.jsonl").write_text("\n".join([json.dumps(BAD), "{", "{", json.dumps(GOOD)]))
    ended = command("lint-data", "a.jsonl", "--format", "json", "--most", "1")
    assert ended.code == 2
    assert ended.json["summary"]["rows"] == 4
    assert ended.json["counts"]["json-line"] == 2
    lines = [(one["line"], one["code"]) for one in ended.json["problems"]]
    assert (2, "json-line") in lines
    assert (3, "json-line") not in lines


def test_a_suite_that_cannot_be_read_is_told(command, here):
    (here / "a.jsonl").write_text(json.dumps(GOOD))
    (here / "s.yaml").write_text("suite: S\nconversations: 5\n")
    ended = command("lint-data", "a.jsonl", "--against", "s.yaml")
    assert ended.code == 2
    assert "s.yaml:2" in ended.err
    assert command("lint-data", "a.jsonl", "--against", "a.txt").code == 2
