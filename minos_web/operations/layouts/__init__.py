"""How a new cluster is laid out over the hosts that there are: recommended, checked, written, foreseen."""
