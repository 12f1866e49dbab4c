"""Who acts, with which key, and what cannot be denied."""
