"""What every test of the house may use."""
