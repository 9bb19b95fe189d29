"""Readers of price packages, one module a package: what it lists and charges, in the one form of all snapshots."""
