"""What each act takes on the wire: the same fields as its command, bounded. A test compares the two."""
