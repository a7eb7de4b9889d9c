"""Alerts: what is judged, when it is told, and what explains it."""
