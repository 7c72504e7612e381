"""The retrieval service of shopguide: products, reviews and FAQ in Qdrant."""
