"""One module an app. A factory fills in what a test does not care about."""
