"""Packages: fetched, verified, unpacked, switched to."""
