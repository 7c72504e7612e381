"""The learned numbers of recommendation, from public purchase sequences."""
