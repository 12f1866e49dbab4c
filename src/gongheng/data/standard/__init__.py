"""The national data standard as tables, and the validator that follows from them."""
