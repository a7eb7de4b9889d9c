"""What can be asked of a worker: one function for each verb."""
