"""The suite language: from YAML to cases, with everything wrong told at once."""
