"""The conformance checks, one module a topic."""
