"""Tests of the pages in a browser, all on one site, which ends with the last of them."""
