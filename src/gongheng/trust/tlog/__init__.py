"""Merkle logs, checkpoints and their verification, without Django."""
