"""Strings and coordinates to token ids and back."""
