"""The track editor: the prompt as rows of cells, and what a person does to it there."""
