"""Bid deposits received, and their return with interest."""
