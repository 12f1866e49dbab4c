"""The contract, signed by both sides, and the archive of the case."""
