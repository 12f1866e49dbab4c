"""The calendar of working days: the yearly notices, loaded by two persons, the same in a province."""
