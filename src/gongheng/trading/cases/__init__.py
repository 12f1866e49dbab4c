"""Runs a declared procedure: judges whether a step may be done now, and writes that it was."""
