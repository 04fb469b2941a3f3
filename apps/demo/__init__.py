"""The demo businesses: their sites, their data, and the command that runs everything."""
