"""What staff of the trading centre saw at an opening or an evaluation (U-04)."""
