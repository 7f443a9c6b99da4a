"""Notebooks written for people: one cell of code, not yet run."""

import json


def notebook_text(code: str) -> str:
    """The text of an ``.ipynb`` file with this code as its only cell."""
    cell = {
        "cell_type": "code", "execution_count": None, "id": "open", "metadata": {},
        "outputs": [], "source": code,
    }  # fmt: skip
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {
        "cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip
    return json.dumps(notebook, indent=1)
