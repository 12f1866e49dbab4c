"""Who takes part in trades: subjects, their verification, versions and keys; unified in the province."""
