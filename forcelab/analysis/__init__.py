"""Numpy in, numbers out: definitions of every number. Knows no file, no device and keeps no state."""
