"""Other people's files, one format a file."""
