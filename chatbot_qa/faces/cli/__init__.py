"""The command ``chatbot-qa``: what it prints when something is wrong, and its exit codes.

0 all passed, 1 failed, 2 a bad suite, a bad configuration or wrong usage, 3 error or
inconclusive, 130 and 143 interrupted.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

from chatbot_qa import __version__
from chatbot_qa.errors import ChatbotQaError, StorageError, SuiteError

_FEWER_COLLECTIONS = (50_000, 20, 50)
"""A run makes few cycles and keeps many cases: looking for garbage at Python's default pace
takes a twentieth of its time."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words == ["--version"]:
        print(f"chatbot-qa {__version__}")
        return
    gc.set_threshold(*_FEWER_COLLECTIONS)
    from chatbot_qa.faces.cli.app import app

    _speak_utf8()
    try:
        app(words, prog_name="chatbot-qa")
    except SuiteError as error:
        _print_mistakes(error)
        sys.exit(2)
    except ChatbotQaError as error:
        print(f"error: {error.message}", file=sys.stderr)
        if error.hint:
            print(f"  = help: {error.hint}", file=sys.stderr)
        sys.exit(3 if isinstance(error, StorageError) else 2)
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone; there is nobody left to tell
        sys.exit(141)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        print(f"error: {name}{error.strerror or error}", file=sys.stderr)
        sys.exit(3)


def _print_mistakes(error: SuiteError) -> None:
    from chatbot_qa.faces.cli.mistakes import print_mistakes

    print_mistakes(error.diagnostics, sys.stderr)


def _speak_utf8() -> None:
    """Replies hold any character; a terminal or pipe that cannot show one must not stop us."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
