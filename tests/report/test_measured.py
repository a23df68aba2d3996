"""What is known of checks, and rates corrected by it, in reports."""

from __future__ import annotations

import json
import subprocess
from importlib.resources import files

import msgspec
from msgspec.structs import replace

from chatbot_qa.domain.calibration import Known
from chatbot_qa.domain.exhibits import Corrected, Rate, Rates
from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.source import Where
from chatbot_qa.domain.verdict import Finding, Outcome, Ruling, Verdict
from chatbot_qa.report.exhibits import exhibit_lines, share_of
from chatbot_qa.report.jsonout import case as as_json
from chatbot_qa.report.snippet import plain, render_verdict
from chatbot_qa.report.svg import picture
from chatbot_qa.runlog.verdicts import decode, encode
from tests.report.test_html_script import NODE, needs_node

REFUSES = Known("refuses", 2, "refused", 90, 10, 30, 270, 100, "400 labelled replies")
LEAKS = Known("leaks", 2, "leaked", 0, 0, 3, 7, 10, "10 rows", own=True)
WHERE = Where("a.yaml", 3, 5, "    - not_refuses")
RATE = Rate("all", 27, 30, 0.74, 0.97, corrected=Corrected(0.923, 0.70, 0.99))


def verdict(*findings: Finding, known: tuple[Known, ...] = (REFUSES, LEAKS)) -> Verdict:
    case = CaseId("Suite", "case")
    return Verdict(case, "conversations", Ruling.FAILED, WHERE, findings, known=known)


def finding(check: str, outcome: Outcome = Outcome.FAILED) -> Finding:
    return Finding(outcome, "it refuses", check=check, where=WHERE)


def test_a_failure_says_how_often_its_check_is_right() -> None:
    told = render_verdict(verdict(finding("not_refuses"), finding("leaks", Outcome.PASSED)))
    assert told.count("= measured: ") == 1
    assert f"= measured: {REFUSES}" in told


def test_checks_of_which_nothing_is_known_say_nothing() -> None:
    assert "measured" not in render_verdict(verdict(finding("contains"), known=()))


def test_an_examination_says_it_of_checks_that_no_finding_names() -> None:
    told = render_verdict(verdict(finding("attack_rate")))
    assert f"= measured: {REFUSES}" in told
    assert f"= measured: {LEAKS}" in told


def test_what_is_known_is_kept_with_the_verdict_and_only_there() -> None:
    one = verdict(finding("refuses"))
    line = json.loads(json.dumps(msgspec.to_builtins(encode(one))))
    assert decode(line).known == (REFUSES, LEAKS)
    assert "known" not in encode(replace(one, known=()))
    assert "known" not in as_json(replace(one, known=()))
    assert as_json(one)["known"][0] == msgspec.to_builtins(REFUSES)


def test_a_corrected_rate_stands_beside_what_was_counted() -> None:
    assert share_of(RATE) == "27 of 30, 90% (74% to 97%); corrected 92% (70% to 99%)"
    told = plain(exhibit_lines(Rates("Resisted", (RATE,))))
    assert "27 of 30, 90% (74% to 97%); corrected 92% (70% to 99%)" in told


def test_in_a_picture_it_stands_below() -> None:
    drawn = picture(Rates("Resisted", (RATE, Rate("b", 1, 2, 0, 1))))
    assert ">27 of 30, 90% (74% to 97%)</text>" in drawn
    assert drawn.count(">corrected 92% (70% to 99%)</text>") == drawn.count("corrected") == 1


def test_a_rate_that_nobody_corrected_says_nothing_of_it() -> None:
    plain_rate = Rate("all", 27, 30, 0.74, 0.97)
    assert "corrected" not in share_of(plain_rate)
    assert "corrected" not in msgspec.to_builtins(plain_rate)


def test_corrected_rates_are_read_back() -> None:
    one = replace(verdict(), exhibits=(Rates("Resisted", (RATE, Rate("b", 1, 2, 0, 1))),))
    line = json.loads(json.dumps(msgspec.to_builtins(encode(one))))
    assert decode(line).exhibits == one.exhibits


@needs_node
def test_the_page_says_it_in_the_same_words() -> None:
    folder = files("chatbot_qa.report.html")
    script = "\n".join(
        folder.joinpath(name).read_text(encoding="utf-8") for name in ("exhibits.js", "case.js")
    )
    known = [REFUSES, LEAKS, Known("x", 1, "so", 0, 0, 0, 0, 0, "no rows")]
    program = (
        f"{script}\nconst rate = {json.dumps(msgspec.to_builtins(RATE))};"
        f"const known = {json.dumps(msgspec.to_builtins(known))};"
        "console.log(JSON.stringify([shareOf(rate), ...known.map(knownOf)]));"
    )
    done = subprocess.run([str(NODE), "-e", program], capture_output=True, text=True, check=True)
    told = [f"{one}".removeprefix(f"{one.check} ") for one in known]
    assert json.loads(done.stdout) == [share_of(RATE), *told]
