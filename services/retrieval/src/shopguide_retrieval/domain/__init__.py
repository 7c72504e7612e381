"""What retrieval knows and decides; imports neither gRPC nor Qdrant."""
