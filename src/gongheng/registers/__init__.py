"""What stands behind a trade."""
