"""Floor 2: the norm. `layout` the engine, `referentiels` the code lists, `model` the words, `codec` bytes to model."""
