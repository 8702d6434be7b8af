"""The pages: one file a loss family, and what they share in `ui`."""
