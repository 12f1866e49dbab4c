"""Accounts, roles, logins and the authorisation of every request."""
