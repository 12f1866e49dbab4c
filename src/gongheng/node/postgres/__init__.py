"""Our own launcher of PostgreSQL: finds the binaries, makes the cluster, starts and stops it."""
