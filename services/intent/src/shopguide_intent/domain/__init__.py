"""Pure understanding of shopping messages: no gRPC, no model server, no I/O."""
