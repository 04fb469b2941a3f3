"""Fonts to choose from, as CSS writes them: only such as devices have, as the widget loads none."""

FONTS: tuple[tuple[str, str], ...] = (
    ("The device’s own", "system-ui, sans-serif"),
    ("Inter, where your site has it", "Inter, 'Segoe UI', system-ui, sans-serif"),
    ("Plain (Helvetica, Arial)", "'Helvetica Neue', Helvetica, Arial, sans-serif"),
    ("Friendly (Verdana)", "Verdana, Geneva, 'DejaVu Sans', sans-serif"),
    ("Humanist (Trebuchet)", "'Trebuchet MS', 'Lucida Grande', 'Fira Sans', sans-serif"),
    ("Geometric (Avenir, Futura)", "Avenir, 'Avenir Next', Futura, 'Century Gothic', sans-serif"),
    ("Rounded", "ui-rounded, 'SF Pro Rounded', 'Hiragino Maru Gothic ProN', Quicksand, sans-serif"),
    ("Classic (Georgia)", "Georgia, Cambria, 'Times New Roman', serif"),
    ("Elegant (Palatino)", "Palatino, 'Palatino Linotype', 'Book Antiqua', 'URW Palladio L', serif"),
)
