"""Whole cases through pages and API on three running nodes."""
