"""From radio to newtons against seconds. Knows no analysis, no file format and no window."""
