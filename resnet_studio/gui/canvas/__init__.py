"""The canvas: scene, items, painting and gestures."""
