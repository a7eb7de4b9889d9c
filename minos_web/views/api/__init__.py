"""The HTTP API below /api/v1: thin views in JSON over the same functions as the pages."""
