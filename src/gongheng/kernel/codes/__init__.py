"""Identifiers with a shape and check characters; full-width digits are never valid."""
