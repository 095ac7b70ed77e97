"""Product-free core for SaaS templates: usage ledger and entitlements."""
