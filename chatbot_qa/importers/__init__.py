"""Suites out of the files of other tools: one module a format, all on the frame in ``base``."""
