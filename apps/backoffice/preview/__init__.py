"""The live preview: the real widget in a frame, on drafts and the business's own times, with nothing booked.

`{% include "backoffice/preview.html" with flow=flow %}` puts it beside a form. How a page talks to the frame
is written down in apps/widget/client/src/preview/protocol.ts.
"""
