"""The service-selection graph as its editor reads and writes it: shapes, rows, and the difference."""
