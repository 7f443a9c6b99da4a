"""The workbench's views for Jupyter: ``Bench`` is all that a notebook needs."""

from .app import Bench

__all__ = ["Bench"]
