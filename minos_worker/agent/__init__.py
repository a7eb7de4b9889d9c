"""The loop that owns the socket, and every thread of the worker."""
