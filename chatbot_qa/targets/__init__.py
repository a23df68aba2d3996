"""Targets: the chatbots under test, each behind the same small door."""
