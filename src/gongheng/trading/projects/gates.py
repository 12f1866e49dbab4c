"""What a second person sees before a tender plan is published or an idle project closed."""

from gongheng.trading.cases import gate
from gongheng.trading.projects import closing, planning

gate.provide(planning.PUBLISH, preview=planning.passage, carry_out=planning.carry_out)
gate.provide(closing.CLOSE, preview=closing.passage, carry_out=closing.carry_out)
