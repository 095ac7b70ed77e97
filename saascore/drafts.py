"""The raw side: what adapters hand in."""
