"""The run folder: the journal of facts, and the verdicts made from them."""
