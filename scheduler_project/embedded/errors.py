"""What goes wrong with the embedded servers, in words for whoever ran the command."""


class EmbeddedServerError(Exception):
    """An embedded server cannot run here. The message says why and what to do; no traceback is needed."""
