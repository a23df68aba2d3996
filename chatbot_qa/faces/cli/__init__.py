"""The command ``chatbot-qa``: what it prints when something is wrong, and its exit codes.

0 all passed, 1 failed, 2 a bad suite, a bad configuration or wrong usage, 3 error or
inconclusive, 130 and 143 interrupted, 141 nobody reads what is printed.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from chatbot_qa import __version__
from chatbot_qa.errors import ChatbotQaError, StorageError, SuiteError, UsageError

_STANDARD_OUTPUT = 1
_PREFIX = "CHATBOT_QA"
_FEWER_COLLECTIONS = (1_000_000, 20, 50)
"""A run makes few cycles and keeps many cases: looking for garbage at Python's default pace
takes a twentieth of its time."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words == ["--version"]:
        print(f"chatbot-qa {__version__}")
        return
    gc.set_threshold(*_FEWER_COLLECTIONS)
    try:
        from chatbot_qa.faces.cli.app import app_for

        _speak_utf8()
        _refuse_what_is_no_text(words)
        app_for(words)(
            words, prog_name="chatbot-qa", auto_envvar_prefix=_options_of_the_environment()
        )
    except SuiteError as error:
        _print_mistakes(error)
        sys.exit(2)
    except ChatbotQaError as error:
        print(f"error: {error.message}", file=sys.stderr)
        if error.hint:
            print(f"  = help: {error.hint}", file=sys.stderr)
        sys.exit(3 if isinstance(error, StorageError) else 2)
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError) or not _flushed():
            _nobody_reads()
        raise
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        print(f"error: {name}{error.strerror or error}", file=sys.stderr)
        sys.exit(3)
    finally:
        if arguments is None:  # the process ends: looking for garbage once more costs 40 ms
            gc.freeze()


def _options_of_the_environment() -> str | None:
    """Options may come as variables, ``CHATBOT_QA_RUN_TARGET`` for ``run --target``, so that a CI
    hands its inputs on without a shell; the help tells of them only where one is set."""
    return _PREFIX if any(name.startswith(f"{_PREFIX}_") for name in os.environ) else None


def _refuse_what_is_no_text(words: Sequence[str]) -> None:
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError as error:
            raise UsageError(f"the argument {word!a} is no text in UTF-8", "rename it") from error


def _flushed() -> bool:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return False
    return True


def _nobody_reads() -> None:
    """End as a program does whose reader has gone (``| head -1``), whatever it still had to say."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), _STANDARD_OUTPUT)
    sys.exit(141)


def _print_mistakes(error: SuiteError) -> None:
    from chatbot_qa.faces.cli.mistakes import print_mistakes

    print_mistakes(error.diagnostics, sys.stderr)


def _speak_utf8() -> None:
    """Replies hold any character; a terminal or pipe that cannot show one must not stop us."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
