"""The node's numbered, append-only log of records and acts."""
