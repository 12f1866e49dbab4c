"""Sealed bids: the policy of opening, upload, receipt, replacement, withdrawal and the closing."""
