"""What the console keeps for its operators: the virtual config directory and the packages."""
