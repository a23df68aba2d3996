"""What says that there is no memory left."""

from __future__ import annotations

from typing import Any

import pytest

from chatbot_qa.targets.models.loading import is_full

from .making import WHY

torch: Any = pytest.importorskip("torch", reason=WHY)


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate"), True),
        (MemoryError(), True),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"), True),
        (RuntimeError("MPS backend out of memory (MPS allocated"), True),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_errors_of_a_full_memory(error: Exception, full: bool) -> None:
    assert is_full(error) == full


def test_torch_says_so_itself() -> None:
    with pytest.raises(RuntimeError) as raised:
        torch.empty(1 << 58)
    assert is_full(raised.value)
