"""Archives of packages, read with doubt: the console looks into them, workers unpack them, by the same rules."""
