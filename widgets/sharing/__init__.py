"""Sessions to be seen without a kernel: a page in one file, and still pictures."""
