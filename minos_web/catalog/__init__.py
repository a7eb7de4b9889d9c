"""The catalog: one folder is one service, told as data. Knows no database and no request."""
