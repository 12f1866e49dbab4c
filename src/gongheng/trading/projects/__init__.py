"""Projects, tender projects and lots."""
