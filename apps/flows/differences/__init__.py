"""What differs between two versions of a flow, in the words of those who run the business. Pure: no ORM."""

from apps.flows.differences.changes import Change, Kind, Section, count, in_short
from apps.flows.differences.documents import differences

__all__ = ["Change", "Kind", "Section", "count", "differences", "in_short"]
