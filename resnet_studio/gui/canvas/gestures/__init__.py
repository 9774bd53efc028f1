"""What a person does with the mouse on the canvas: one class per gesture."""
