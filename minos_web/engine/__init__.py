"""The other side of the table: talks with workers and carries operations on."""
