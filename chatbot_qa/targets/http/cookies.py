"""The cookies of one session (RFC 6265): which are kept, and which go with a request."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parsedate_to_datetime
from http.cookies import CookieError, Morsel, SimpleCookie
from urllib.parse import urlsplit

from msgspec import Struct

from chatbot_qa.targets.headers import Headers


class _Cookie(Struct, frozen=True):
    value: str
    secure: bool
    until: float
    """Seconds since the epoch."""


class Cookies:
    """Cookies go back to the server that set them, to the paths that they are for.

    ``now`` gives seconds since the epoch. Other hosts of a domain get none.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._kept: dict[tuple[str, str, str], _Cookie] = {}

    def keep(self, headers: Headers, url: str) -> None:
        """Keep those that an answer from ``url`` sets, and forget those that it ends."""
        parts = urlsplit(url)
        for line in headers.all_of("Set-Cookie"):
            jar: SimpleCookie = SimpleCookie()
            try:
                jar.load(line)
            except CookieError:  # a name that no cookie can have: browsers pass over it as well
                continue
            for name, morsel in jar.items():
                path = morsel["path"] if morsel["path"].startswith("/") else _folder(parts.path)
                until = self._until(morsel)
                place = (parts.netloc, path, name)
                if until > self._now():
                    self._kept[place] = _Cookie(morsel.value, bool(morsel["secure"]), until)
                else:
                    self._kept.pop(place, None)

    def header(self, url: str) -> str:
        """What goes with a request to ``url``; "" for nothing. Longer paths come first."""
        parts = urlsplit(url)
        here, now = parts.path or "/", self._now()
        fitting = [
            (path, name, cookie.value)
            for (host, path, name), cookie in self._kept.items()
            if host == parts.netloc and _leads(path, here) and cookie.until > now
            if parts.scheme == "https" or not cookie.secure
        ]
        fitting.sort(key=lambda one: -len(one[0]))
        return "; ".join(f"{name}={value}" for _, name, value in fitting)

    def _until(self, morsel: Morsel[str]) -> float:
        if morsel["max-age"]:
            try:
                return self._now() + int(morsel["max-age"])
            except ValueError:
                return float("inf")
        try:
            return parsedate_to_datetime(morsel["expires"]).timestamp()
        except (ValueError, TypeError):  # no date is no end
            return float("inf")


def _folder(path: str) -> str:
    """The path that a cookie is for where it names none (RFC 6265 5.1.4)."""
    return path.rpartition("/")[0] or "/"


def _leads(path: str, here: str) -> bool:
    """Whether a request to ``here`` lies under a cookie's path (RFC 6265 5.1.4)."""
    return here == path or here.startswith(path if path.endswith("/") else path + "/")
