"""The portal: home, notices, proofs, statistics."""
