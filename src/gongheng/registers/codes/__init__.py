"""The unified code service: series of project, lot and transaction codes."""
