"""How the embedded model was made, and how to make another: data, masking, losses, two training
loops.
"""
