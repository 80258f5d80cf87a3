from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_past_signers_and_start"),
    ]

    operations = [
        migrations.AddField(
            model_name="pastsigner",
            name="last",
            field=models.BigIntegerField(null=True),
        ),
    ]
