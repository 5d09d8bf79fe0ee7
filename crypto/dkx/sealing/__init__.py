"""The half of DKX-1 that needs secrets: it runs on neighbours' devices and never on the hub."""
