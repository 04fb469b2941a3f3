"""What staff change about locations and about who works there."""
