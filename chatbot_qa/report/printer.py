"""Where styled lines go: a plain stream, or a terminal by way of rich.

rich takes some 40 ms to import, so only a stream with colours or progress pays for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, TextIO

from chatbot_qa.report.exhibits import Line, Style
from chatbot_qa.report.snippet import plain
from chatbot_qa.text.safe import for_ci_log

if TYPE_CHECKING:
    from rich.live import Live
    from rich.text import Text

_RICH: dict[Style, str] = {
    "": "",
    "bad": "bold red",
    "unsure": "bold magenta",
    "warning": "yellow",
    "good": "green",
    "frame": "blue",
    "strong": "bold",
    "faint": "dim",
}


class Printer(Protocol):
    """Prints lines of pieces."""

    def lines(self, lines: Sequence[Line]) -> None:
        """Print them, above the line that is alive if there is one."""
        ...

    def live(self, line: Callable[[], Line]) -> None:
        """Keep one line alive at the bottom, asked for a few times a second."""
        ...

    def close(self) -> None:
        """Take the live line away."""
        ...


def printer(stream: TextIO, *, colour: bool, live: bool) -> Printer:
    """The printer for a stream: rich only where it is needed."""
    return Styled(stream, colour=colour) if colour or live else Plain(stream)


class Plain:
    """Text alone. What its encoding cannot say is shown by number, and no CI obeys it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._encoding = getattr(stream, "encoding", None) or "utf-8"

    def lines(self, lines: Sequence[Line]) -> None:
        if not lines:
            return
        text = plain(lines) + "\n"
        sayable = text.encode(self._encoding, "backslashreplace").decode(self._encoding)
        self._stream.write(for_ci_log(sayable))
        self._stream.flush()

    def live(self, line: Callable[[], Line]) -> None:
        """A plain stream has no line that is alive."""

    def close(self) -> None:
        """Nothing to take away."""


class Styled:
    """Colours, and on a terminal a line that is alive."""

    def __init__(self, stream: TextIO, *, colour: bool) -> None:
        from rich.console import Console

        self._console = Console(
            file=stream,
            force_terminal=colour or None,
            no_color=not colour,
            highlight=False,
            markup=False,
            emoji=False,
            soft_wrap=True,
        )
        self._live: Live | None = None
        # colours without a terminal: the log of a CI, which obeys some lines
        self._read_by_ci = not stream.isatty()

    def lines(self, lines: Sequence[Line]) -> None:
        for line in lines:
            safe = tuple((style, for_ci_log(text)) for style, text in line)
            self._console.print(_styled(safe if self._read_by_ci else line))

    def live(self, line: Callable[[], Line]) -> None:
        from rich.live import Live

        if not self._console.is_terminal:
            return
        self._live = Live(
            console=self._console,
            get_renderable=lambda: _styled(line()),
            refresh_per_second=8,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._live.start()

    def close(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None


def _styled(line: Line) -> Text:
    from rich.text import Text

    return Text.assemble(*((text, _RICH[style]) for style, text in line))
