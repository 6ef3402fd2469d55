"""Jumps on force plates: from vertical ground force to weighing, phases, heights, power, landing, sides and doubts.

`find.find_jumps` finds them, `metrics.JUMP_METRICS` and `flags.JUMP_FLAGS` are the tables, `answers` puts numbers into
words. Raw samples throughout, straight lines between them, exact integrals; nothing is filtered.
"""
