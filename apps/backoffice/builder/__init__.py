"""The page on which a flow is built: its steps as cards, their settings, and how the draft stands."""
