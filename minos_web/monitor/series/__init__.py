"""Samples: stored, thinned out, asked for. ``port`` has the words."""
