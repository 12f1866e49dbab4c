"""The committee, its scores and its report."""
