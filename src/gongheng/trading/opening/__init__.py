"""The opening in two phases, the opening record, its confirmation and publication."""
