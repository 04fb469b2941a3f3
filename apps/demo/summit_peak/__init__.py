"""Summit Peak Home Services: a made-up heating, cooling, plumbing and electrical company in two cities."""
