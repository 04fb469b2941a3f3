"""What the views of the widget share."""

from rest_framework.views import APIView

from apps.organizations.api.authentication import ApiKeyAuthentication


class WidgetView(APIView):
    """A view that the widget calls: the key names the business."""

    authentication_classes = [ApiKeyAuthentication]
