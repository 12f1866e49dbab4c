"""Tender documents with structured criteria, and the review of fair competition."""
