"""The one place that tells Minos's version."""

VERSION = "0.1.0"
