"""What console and worker both say: states, words, wire and settings."""
