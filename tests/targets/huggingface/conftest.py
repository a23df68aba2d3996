from __future__ import annotations

from importlib.util import find_spec

_NEED_TORCH = (
    "adapter decoding engine errors generating memory network recorded sampling seats session "
    "speech tasks tiny_chat"
)

collect_ignore = (
    [f"test_{name}.py" for name in _NEED_TORCH.split()]
    if find_spec("torch") is None or find_spec("transformers") is None
    else []
)
"""Left out where no model can run; ``test_missing.py`` then says so by a skip."""
