"""Who runs a large replay."""
