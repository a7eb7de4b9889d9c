"""From reports and samples to states, health and series."""
