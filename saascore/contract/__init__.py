"""The public side: frozen models, one module a topic, no input or output."""
