"""When people work: rules, what they may be, and what a change of them does (seed 003)."""
