"""Campaigns: rules, budgets, and the engine that evaluates them."""
