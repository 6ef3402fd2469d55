"""The session file: append, read, recover. Knows no codec and no metric."""
