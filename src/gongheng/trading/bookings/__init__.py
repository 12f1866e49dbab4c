"""Rooms for the openings and evaluations of cases: booked by their people, asked for where declared."""
