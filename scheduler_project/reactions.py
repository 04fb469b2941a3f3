"""What follows what: the one map from an event to the reactions of higher layers.

Each event says for itself which reactions commit with it and which come after the commit, at least once.
A lower app never imports a higher one; this page is where they meet.
"""

from collections.abc import Mapping

from apps.core.events import Reactions

REACTIONS: Mapping[str, Reactions] = {}
