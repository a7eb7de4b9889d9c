"""Status pages made into facts, one file for each service."""
