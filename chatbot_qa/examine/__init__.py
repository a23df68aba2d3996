"""Examinations: one generator for each kind of case, from trials to a verdict."""
