"""Pages of ZooKeeper clusters."""
