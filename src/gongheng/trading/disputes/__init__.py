"""Objections to documents, opening and result, and their answers."""
