"""One module a command: the only orchestration."""
