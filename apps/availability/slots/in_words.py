"""What became of the slots, for people."""

from apps.availability.slots.generation import GenerationReport


def times_in_words(report: GenerationReport) -> str:
    """What became of the bookable times."""
    counted = (
        (report.inserted, "new"),
        (report.updated, "changed"),
        (report.deleted, "taken away"),
        (report.closed, "kept for those who have booked them"),
    )
    parts = [f"{count} {what}" for count, what in counted if count]
    return f"Bookable times: {', '.join(parts)}." if parts else "No bookable time had to change."
