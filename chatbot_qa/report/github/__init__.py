"""What GitHub shows of a run: step summary, comment, annotations, outputs."""
