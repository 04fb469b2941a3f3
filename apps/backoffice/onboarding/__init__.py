"""The guided start of a new business."""
