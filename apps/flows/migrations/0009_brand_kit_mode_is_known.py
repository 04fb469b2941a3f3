from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("flows", "0008_brand_kits_in_the_dark")]

    operations = [ValidateConstraint(model_name="brandkit", name="brand_kit_mode_is_known")]
