"""Rooms of trading centres, and who uses them when (U-03)."""
