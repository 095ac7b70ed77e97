"""What is published: ops summary, release packet, acceptance fixtures."""
