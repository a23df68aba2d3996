"""Replay conversations written in YAML against a chatbot, and judge its replies."""

__version__ = "0.1.0"
