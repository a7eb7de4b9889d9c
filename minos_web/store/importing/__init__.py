"""Packages that the console fetches by itself: from an address, a directory, a Maven repository, a source tree."""
