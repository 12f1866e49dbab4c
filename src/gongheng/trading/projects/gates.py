"""What a second person sees of a tender plan before it is published, and how it is published."""

from gongheng.trading.cases import gate
from gongheng.trading.projects import planning

gate.provide(planning.PUBLISH, preview=planning.passage, carry_out=planning.carry_out)
