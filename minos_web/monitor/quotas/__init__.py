"""Quotas of HDFS: read with its own client, judged, told, reported, set."""
