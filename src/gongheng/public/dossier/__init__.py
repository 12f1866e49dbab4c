"""One case on one page: every public paper from plan to performance, gaps, changes and proof."""
