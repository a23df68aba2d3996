"""``run --dry-run``: what would be asked, how many calls, at what cost. Nothing is asked."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from chatbot_qa.domain.events import RunInfo
from chatbot_qa.domain.plan import Trial
from chatbot_qa.pipeline.cases import selected
from chatbot_qa.pipeline.options import RunOptions, World
from chatbot_qa.pipeline.prepare import Prepared, prepare
from chatbot_qa.pipeline.run import declare
from chatbot_qa.registry import Registry


class Foreseen(Struct, frozen=True):
    """A case and what would be said in it at first; ``target`` is whom it would be said to.

    ``more`` where more may be said in the light of the replies.
    """

    case: str
    suite: str
    target: str
    texts: tuple[str, ...]
    more: bool = False


def foresee(
    options: RunOptions, world: World, registry: Registry | None = None
) -> tuple[Prepared, Iterator[Foreseen]]:
    """Every selected case with what would be said, as far as that is known beforehand."""
    registry = registry or Registry()
    prepared = prepare(options, world.environ, registry, keys=False)
    seed = options.seed if options.seed is not None else prepared.profile.seed
    now = world.now()
    info = RunInfo("", now.timestamp(), world.draw_seed() if seed is None else seed, (), {}, "")
    declared = declare(prepared, options, info)
    declared.hooks = False
    selected(declared)

    def cases() -> Iterator[Foreseen]:
        for one in declared.examined():
            trials: tuple[Trial, ...] = ()
            try:
                trials = tuple(next(one.asking))
            except StopIteration:  # set aside by its author: nothing is asked
                trials = ()
            finally:
                one.asking.close()
            texts = tuple(text for trial in trials for text in trial.plan.texts())
            suite = one.case.suite
            more = bool(getattr(one.case, "asks_more", False))
            yield Foreseen(str(one.case), suite, prepared.suites_to[suite], texts, more)

    return prepared, cases()
