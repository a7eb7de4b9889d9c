"""Keeps tasks in the state that is wanted of them."""
