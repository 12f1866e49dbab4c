"""Peers, channels, batches, receipts, feedback and correction."""
