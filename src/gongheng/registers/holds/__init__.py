"""Holds: what stops a trade until it is lifted, asked for by every action inside its transaction."""
