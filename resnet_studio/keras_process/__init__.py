"""The real Keras, in a process of its own: it verifies and saves what the analysis describes."""
