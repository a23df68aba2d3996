"""Models that checks ask: ``nli`` (does it follow?) and ``embeddings`` (how near are they?).

Each takes a pair of texts as JSON and replies with numbers. ``loading`` finds a model's files
on this machine, ``batching`` has one thread do the work of many requests at once.
"""
