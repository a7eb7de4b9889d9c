"""The one place that tells Minos's version, and which Python it needs."""

VERSION = "0.1.0"
PYTHON = ">=3.11"
