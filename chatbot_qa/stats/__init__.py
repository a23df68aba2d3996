"""Statistics in pure functions: rates and their bounds, trends, tests that stop early."""
