"""Pure functions over text: folding, numbers, answers, escaping."""
