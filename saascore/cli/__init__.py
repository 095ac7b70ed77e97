"""The saascore command."""
