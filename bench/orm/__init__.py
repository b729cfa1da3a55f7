"""updateBalance written a second time, the way Django is usually written: models, select_for_update, one transaction,
DRF's parser, serializers and renderer.

It works on the same tables, leaves the same rows and gives the same answers; a part of the product's own tests runs
over it. What it shares with the product is what an ordinary project would have as plain functions too: the rules about
combinations, the bounds of a value type and the book that decides which lots move. So the ratio against it is about
statements, models and serializers, not about different rules.
"""
