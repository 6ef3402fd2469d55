"""Static pictures for the client's file. The only room with matplotlib."""
