"""Agents at the bench: programs that read a prompt, propose changes and run within a budget.

``tools`` is what they may do, ``server`` offers it over the Model Context Protocol, ``proposal``
and ``desk`` are how a proposal reaches a person, who alone accepts it. What an agent writes is
read as hostile: it names calls of a short list, and no code of it is run.
"""
