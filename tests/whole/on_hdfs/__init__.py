"""Tests of what lives on an HDFS: they share one, which ends with the last of them."""
