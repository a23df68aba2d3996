"""The memory of conversations: the keys and values of each stand in a slot of one buffer.

Every conversation has a length of its own, counted from the left: nothing is padded, a token is
written at its conversation's own end, and whatever lies beyond an end is masked. Slots that are
fed together lie side by side, so that attention reads a view of the buffer and nothing is copied
from step to step. The pages of Kwon and others 2023 (PagedAttention) do the same for servers;
conversations of one suite are alike enough in length for whole slots.
"""

from __future__ import annotations

from typing import Any

import torch
from transformers.cache_utils import Cache, CacheLayerMixin


class Place:
    """Where the tokens of a step are written and what is read: shared by all layers.

    ``first`` is the first of the slots that are fed, ``columns`` of shape [slots, tokens] says
    where each token goes, ``length`` how many places are read. Tokens that are but padding go
    to the buffer's last place, which nobody reads.
    """

    def __init__(self) -> None:
        self.first = 0
        self.rows: Any = None
        self.columns: Any = None
        self.length = 0
        self.size = 0
        self.places = 0


class _Layer(CacheLayerMixin):  # type: ignore[misc]  # transformers tells no types
    """The keys and values of one layer, of shape [slots, places + 1, heads, width] each."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._place = place

    def lazy_initialization(self, key_states: Any, value_states: Any) -> None:
        """Make the buffer, once it is known what a layer keeps."""
        self.keys = self._empty(key_states)
        self.values = self._empty(value_states)
        self.is_initialized = True

    def _empty(self, like: Any) -> Any:
        _, heads, _, width = like.shape
        place = self._place
        # zeros: what is masked is still multiplied by 0, and must be a number
        return like.new_zeros((place.size, place.places + 1, heads, width))

    def update(
        self, key_states: Any, value_states: Any, *args: Any, **kwargs: Any
    ) -> tuple[Any, Any]:
        """Write the new ones; returns all that is read, of shape [slots, heads, length, width]."""
        del args, kwargs
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        place = self._place
        last = place.first + key_states.shape[0]
        found = []
        where = (place.rows.to(key_states.device), place.columns.to(key_states.device))
        for buffer, new in ((self.keys, key_states), (self.values, value_states)):
            slots = buffer[place.first : last]
            slots[where] = new.transpose(1, 2)
            found.append(slots[:, : place.length].transpose(1, 2))
        return found[0], found[1]

    def resize(self, size: int, places: int, kept: int) -> None:
        """Make room for so many slots and places; the first ``kept`` places of each are kept."""
        for name in ("keys", "values"):
            old = getattr(self, name)
            if old is None:
                continue
            new = old.new_zeros((size, places + 1, *old.shape[2:]))
            both = min(size, old.shape[0])
            new[:both, :kept] = old[:both, :kept]
            setattr(self, name, new)

    def copy(self, source: int, target: int, length: int) -> None:
        """Copy the first ``length`` places of a slot to another."""
        if self.is_initialized and length:
            for buffer in (self.keys, self.values):
                buffer[target, :length] = buffer[source, :length]

    def swap(self, one: int, other: int, length: int) -> None:
        """Exchange the first ``length`` places of two slots."""
        if self.is_initialized and length:
            for buffer in (self.keys, self.values):
                kept = buffer[one, :length].clone()
                buffer[one, :length] = buffer[other, :length]
                buffer[other, :length] = kept

    def get_mask_sizes(self, query_length: int) -> tuple[int, int]:
        """How many places are read, and where they begin."""
        del query_length
        return self._place.length, 0

    def get_seq_length(self) -> int:
        """How many places are read."""
        return self._place.length

    def get_max_length(self) -> int:
        """It grows."""
        return -1


class Slots:
    """The buffer of all layers, as a cache that a model of transformers writes to.

    ``version`` changes whenever the buffer is another one.
    """

    def __init__(self, layers: int) -> None:
        self._place = Place()
        self._layers = [_Layer(self._place) for _ in range(layers)]
        self.cache = Cache(layers=list(self._layers))
        self.version = 0

    @property
    def size(self) -> int:
        """How many slots there are."""
        return self._place.size

    @property
    def places(self) -> int:
        """How many tokens fit in each."""
        return self._place.places

    def token_bytes(self) -> int:
        """What a token takes in memory, over all layers; 0 before the first one was written."""
        kept = [one for one in self._layers if one.is_initialized]
        return sum(
            buffer.element_size() * buffer.shape[2] * buffer.shape[3]
            for one in kept
            for buffer in (one.keys, one.values)
        )

    def resize(self, size: int, places: int) -> None:
        """Make room; what the first slots hold is kept."""
        kept = min(self._place.places, places)
        for one in self._layers:
            one.resize(size, places, kept)
        self._place.size, self._place.places = size, places
        self.version += 1

    def swap(self, one: int, other: int, length: int) -> None:
        """Exchange what two slots hold."""
        if one != other:
            for layer in self._layers:
                layer.swap(one, other, length)

    def copy(self, source: int, target: int, length: int) -> None:
        """Copy the beginning of what a slot holds to another."""
        for layer in self._layers:
            layer.copy(source, target, length)

    def aim(self, first: int, columns: Any, length: int) -> None:
        """Say where the next step writes and how far it reads; -1 is the place for padding."""
        place = self._place
        place.first, place.length = first, length
        place.rows = torch.arange(columns.shape[0], device=columns.device).unsqueeze(1)
        place.columns = torch.where(columns < 0, place.places, columns)
