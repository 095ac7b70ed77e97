"""The adapter author's kit: conformance suite and pytest plugin."""
