"""All protobuf conversion of the gateway: `read_*` makes domain values of messages, `write_*` messages of domain values."""
