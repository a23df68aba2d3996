"""Frozen types that every other layer speaks in. No I/O here, and no imports of other layers."""
