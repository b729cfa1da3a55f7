"""Coupons: sets, codes, and the life of one coupon."""
