"""DKX-1: end-to-end encryption of rooms. Here the verifying half; what needs secrets is in ``sealing``."""
