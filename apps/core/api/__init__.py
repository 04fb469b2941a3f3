"""What every API view shares: strict input, one error shape, idempotent mutations."""
