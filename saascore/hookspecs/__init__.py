"""What an adapter may implement."""
