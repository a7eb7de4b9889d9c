"""Boards of HDFS clusters."""
