"""The usage flow: submit, corrections, runs and summaries."""
