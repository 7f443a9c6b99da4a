"""Runs: the worker thread, what it shows and when, and the panel that starts it."""
