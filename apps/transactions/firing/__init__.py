"""How verbs fire campaigns: open a stage (card, rules, facts), evaluate, carry out.

stage.py     the card under its lock, the published rules, and what they ask for
facts.py     from what was read to the engine's facts
effects.py   from the engine's effects to movements, coupons, messages; what clients see of them
carry.py     the fragments that make an outcome true
"""
