"""Plain Python that knows the law: references, terms, time, money, codes, refusals."""
