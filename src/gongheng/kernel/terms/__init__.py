"""The numbers that the law fixes: each a ``Term`` under its rule id, and nowhere else.

One module per prefix of the rule ids; a new module in this folder is found by itself. A rule with
several numbers has one constant per number, told apart by its key: ``W_09`` and
``W_09_PREQUALIFICATION``. When the law changes a number, the old constant gets its
``in_force_until`` and stays; the new one is named after its first year: ``W_06_FROM_2028``.
"""

from gongheng.kernel.terms.catalogue import all_terms, in_force
from gongheng.kernel.terms.term import Counting, Evidence, Kind, Term, tightened

__all__ = ["Counting", "Evidence", "Kind", "Term", "all_terms", "in_force", "tightened"]
