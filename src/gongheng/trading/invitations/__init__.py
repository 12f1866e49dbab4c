"""Whom a tenderer invites to bid, where only the invited may (W-02)."""
