"""Sealed bids, format version 1 (docs/envelope-format.md), without Django."""
