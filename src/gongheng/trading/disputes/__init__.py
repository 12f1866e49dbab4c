"""Objections and their answers."""
