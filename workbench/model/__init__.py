"""ESM3 in torch: tensors in, tensors out."""
