"""Figures of the host, of tasks and of their status pages."""
