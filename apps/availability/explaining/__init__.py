"""Why a time is, or is not, offered."""
