"""What a page plays with, as tensors: points with outliers, masks, boxes, embeddings, pictures."""
