"""What the gateway decides, free of any wire format."""
