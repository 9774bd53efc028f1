"""The document, its edits and its analysis: no Qt, no Keras, no input or output."""
