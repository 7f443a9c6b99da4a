"""The confidence figure: pLDDT and entropy, PAE, and the curve over the steps."""
