"""Measures the budgets of docs/architecture.md beside their floors, in one run: `make bench`.

Each line is a value, its floor (the least that the same machine needs for the same thing) and their ratio. Goals
that are not met are printed as such. Nothing here is a test: times on a shared machine are noisy.
"""
