"""Publicity of candidates, the award, its notices and the report to the supervisor."""
