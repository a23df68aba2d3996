"""Reporters: each turns the events of a run into something that someone reads."""
