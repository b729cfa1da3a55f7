"""Returns of goods: what comes back, the checkout it was bought in, and what is undone of that.

goods.py      what the till says, and what it is answered
original.py   the checkout, and what of it was undone before
undo.py       payments given back, and what campaigns gave taken back
coupons.py    used coupons that can be used again, issued ones that cannot
fire.py       what campaigns do about the return itself
"""
