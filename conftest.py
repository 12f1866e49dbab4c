"""What holds for every test of the house: none depends on how fast the machine is."""

from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.load_profile("house")
