from django.urls import path

from apps.bookings.api.admin import customer_views, question_views

urlpatterns = [
    path("customers", customer_views.CustomersView.as_view(), name="admin-customers"),
    path("customers/<uuid:customer_id>", customer_views.CustomerView.as_view(), name="admin-customer"),
    path(
        "customers/<uuid:customer_id>/merge",
        customer_views.CustomerMergeView.as_view(),
        name="admin-customer-merge",
    ),
    path(
        "customers/<uuid:customer_id>/export",
        customer_views.CustomerExportView.as_view(),
        name="admin-customer-export",
    ),
    path(
        "customers/<uuid:customer_id>/erase",
        customer_views.CustomerEraseView.as_view(),
        name="admin-customer-erase",
    ),
    path("questions", question_views.StaffQuestionsView.as_view(), name="admin-questions"),
    path("questions/<uuid:question_id>", question_views.StaffQuestionView.as_view(), name="admin-question"),
]
