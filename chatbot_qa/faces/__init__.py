"""Faces: thin; they parse options and call the pipeline."""
