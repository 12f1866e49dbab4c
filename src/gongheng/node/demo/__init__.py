"""The demonstration: invented firms, people and notices in real regions."""
