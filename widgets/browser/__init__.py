"""What every view's JavaScript may use, and the loader that makes one text of its modules."""
