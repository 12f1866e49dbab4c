"""Three running nodes under kills, cut lines, forged batches and a log that was rolled back."""
