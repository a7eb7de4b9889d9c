"""Which release of the worker runs on this host: installing, trying, keeping and going back."""
