"""Gongheng 公衡: the open, verifiable public-resource trading platform."""

__version__ = "0.1.0"
