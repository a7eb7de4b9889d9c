"""Boards of HBase clusters."""
