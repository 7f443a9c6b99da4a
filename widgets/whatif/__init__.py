"""What the model might have chosen: the card at a cell, and mutations, reasons and pairs."""
