"""Digests and SM2 signatures, without Django."""
