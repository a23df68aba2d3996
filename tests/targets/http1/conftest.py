"""Every test of the client runs in both event loops: asyncio's own and, where it is, uvloop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest


@pytest.fixture(params=["asyncio", "uvloop"], scope="package", autouse=True)
def _loop(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.param == "asyncio":
        yield
        return
    uvloop = pytest.importorskip("uvloop", reason="uvloop is not for this system")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "run", uvloop.run)
        yield
