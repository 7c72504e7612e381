"""Messages to domain objects and back; besides the servicers the only place that knows protobuf."""
