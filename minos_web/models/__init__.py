"""The table in the middle of the hall: rows and nothing but."""
