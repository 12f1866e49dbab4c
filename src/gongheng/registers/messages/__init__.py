"""Messages to the people who must know, with proof that they arrived and were read."""
