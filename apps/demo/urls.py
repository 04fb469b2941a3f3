"""The demo business's own site."""
urlpatterns: list[object] = []
