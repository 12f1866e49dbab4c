"""The rehearsal: a whole case walked over HTTP by people who sign in, and compared with the databases.

Nothing here calls into a node: what a page does not offer cannot be done.
"""
