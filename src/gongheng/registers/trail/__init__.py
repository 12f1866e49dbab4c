"""The audit trail bound to the log: its hash chain, and the seals that anybody can hold it to."""
