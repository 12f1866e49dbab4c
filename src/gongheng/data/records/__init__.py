"""Everything disclosed or reported, made here or received."""
