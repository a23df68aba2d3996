"""Benchmarks: figures beside their targets, printed by ``make bench`` and asserted nowhere."""
