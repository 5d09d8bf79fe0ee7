"""Where uploads become photos: a process of its own for each, with no more than it needs and not for long."""
