"""History: notices that other platforms published before, taken in as records."""
