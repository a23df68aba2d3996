"""Replay: the one loop that asks, and the sources that transcripts come from."""
