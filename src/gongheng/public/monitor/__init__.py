"""Watching a platform from outside: what it publishes is compared with what it has signed."""
