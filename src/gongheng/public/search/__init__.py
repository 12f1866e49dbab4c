"""Search over public notices: index, results, feeds, calendar, saved searches."""
