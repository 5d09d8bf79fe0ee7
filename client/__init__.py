"""The neighbour's side in Python: keys, a persistent outbox and the opened log on disk. Begin at ``Neighbour``."""
