from gongheng.public.search.tests.conftest import NOW, StandingClock, clock, visitor

__all__ = ["NOW", "StandingClock", "clock", "visitor"]
