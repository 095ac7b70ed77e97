"""What is published: the operations report, the release packet and the acceptance fixtures."""
