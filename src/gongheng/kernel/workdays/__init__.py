"""Working days as data, and the counting of the law's periods (T-01 ... T-18)."""
