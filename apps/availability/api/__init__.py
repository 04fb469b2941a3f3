"""`/v1/dates` and `/v1/slots`."""
