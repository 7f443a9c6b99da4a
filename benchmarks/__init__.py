"""Side-by-side costs of the reference package and of ours, with the same random weights.

Ratios are what to read: the two sides take turns in one process, so that a busy machine slows both.
Nothing here gates a test.
"""
