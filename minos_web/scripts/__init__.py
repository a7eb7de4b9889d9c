"""Commands of the console's machine: setting up, users."""
