from gongheng.trading.cases.tests.conftest import clock, quiet_house
from tests.engine import _fresh_declarations, provide

__all__ = ["_fresh_declarations", "clock", "provide", "quiet_house"]
