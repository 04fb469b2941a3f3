"""The visual editor of a service-selection graph: its page, and what the page's program asks for."""
