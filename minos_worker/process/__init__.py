"""Processes of tasks: launching, identity, exit records, descendants, ports."""
