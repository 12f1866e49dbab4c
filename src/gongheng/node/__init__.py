"""The only place that knows everybody: settings, tiers, addresses, loops, command line."""
