"""电子交易平台: the steps of a case, in their order."""
