"""How often the cases of a suite are repeated: what they say themselves, and what is left open.

A case wins over the ``defaults`` of its suite, and those over the profile of the run. The alpha
of a suite is shared by all of its declared cases that repeat until they are decided, whatever
is selected: the verdict of a case must not depend on which others were run beside it.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec

from chatbot_qa.domain.settings import USUAL_ERRORS, ErrorRates, Profile, Repeat, RepeatRule
from chatbot_qa.domain.suite import Declared, RepeatedCase, Suite


def with_repeats(suite: Suite, profile: Profile | None = None) -> Suite:
    """The suite, each of its cases that can be repeated told how often, and at which errors.

    Rows count each; a file of rows is read through once where its case repeats until decided.
    """
    profile = profile or Profile()
    given = profile.repeat if suite.repeat is None else suite.repeat
    errors = suite.errors or profile.errors or USUAL_ERRORS
    declared = [_with_default(one, given) for one in suite.declared]
    sharing = sum(
        1 if one.rows is None else one.rows.count() for one in declared if _until_decided(one)
    )
    shared = [_at(one, errors, sharing) if _until_decided(one) else one for one in declared]
    return msgspec.structs.replace(suite, declared=tuple(shared))


def _until_decided(declared: Declared) -> bool:
    case = declared.case
    return isinstance(case, RepeatedCase) and isinstance(case.repeat, RepeatRule)


def _with_default(declared: Declared, given: Repeat | None) -> Declared:
    case = declared.case
    if given is None or not isinstance(case, RepeatedCase) or case.repeat is not None:
        return declared
    return msgspec.structs.replace(declared, case=replace(case, repeat=given))


def _at(declared: Declared, errors: ErrorRates, sharing: int) -> Declared:
    case = declared.case
    if not isinstance(case, RepeatedCase):
        return declared
    shared = replace(case, errors=errors, sharing=max(1, sharing))
    return msgspec.structs.replace(declared, case=shared)
