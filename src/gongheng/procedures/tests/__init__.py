"""Tests of the declarations, and of ``trading.cases`` by the real one: a case cannot be below it."""
