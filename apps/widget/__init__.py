"""The embeddable widget: its client's source, and the serving of its build."""
