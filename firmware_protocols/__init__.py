"""Speaks to devices: bytes in, messages out. Imports nothing of forcelab."""
