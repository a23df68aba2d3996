"""Checks: from evidence to a finding."""
