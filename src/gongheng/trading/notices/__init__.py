"""Tender notices: drafted, checked, published."""
