"""Early looks at secret items: by two supervisors, on paper, and never in silence (A-13)."""
