"""The standard for other systems: JSON Schema, XML Schema, tables of PostgreSQL, a dictionary, samples."""
