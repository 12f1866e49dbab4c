"""Longer validity of bids: the tenderer asks all bidders, each consents or refuses (W-34)."""
