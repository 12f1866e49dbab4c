"""What a second person sees of this room's deeds before they go out, and how they go out."""

from gongheng.trading.cases import gate
from gongheng.trading.notices import actions, announcing, clarifying

gate.provide("publish_notice", preview=actions.passage, carry_out=actions.carry_out)
gate.provide("clarify", preview=clarifying.passage, carry_out=clarifying.carry_out)
for _step in announcing.STEPS:
    gate.provide(_step, preview=announcing.passage, carry_out=announcing.carry_out)
