"""The designs table and the files it gives away."""
