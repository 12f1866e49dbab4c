"""The public read interface: records, acts, the standard and the log, for programs."""
