"""Renderers of generated files, found by the name that a service folder gives."""
