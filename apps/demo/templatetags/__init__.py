"""What the demo's templates can say."""
