"""What if: what the model might have chosen at every residue, and what speaks for it.

A residue is read *hidden*: as if this one cell of its track were masked in the prompt. All
log-probabilities are natural logarithms; positions are 0-based and tables name residues as the file
does (``A:45``).
"""
