"""What is done at certain times: when (``when``), after being away (``missed``), what (``kinds``), kept as rows (``keeping``)."""
