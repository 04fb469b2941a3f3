"""When who is free: locations, resources, rules, slots, and everything that occupies time."""
