"""The hourglass's waist: the standard, the records, the exchange."""
