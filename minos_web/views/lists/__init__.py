"""Long lists as tables: filtered, sorted and cut by the database, with their state in the URL."""
