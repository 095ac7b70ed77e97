"""Finding, checking and calling adapters; the only code that touches pluggy."""
