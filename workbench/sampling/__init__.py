"""Iterative decoding, one step at a time."""
