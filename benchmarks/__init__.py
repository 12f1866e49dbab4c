"""Measurements against a named peer or a floor in the same run; never timed tests."""
