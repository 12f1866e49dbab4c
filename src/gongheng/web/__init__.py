"""Django basics used by every room, without any domain."""
