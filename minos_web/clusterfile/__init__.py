"""The cluster description language: parse, inherit, resolve, render. Pure: no database, no request, no clock."""
