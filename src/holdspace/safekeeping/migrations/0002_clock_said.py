import django.db.models.deletion
from django.db import migrations, models

import holdspace.vault.rows


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_names_by_mark"),
        ("safekeeping", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClockSaid",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        default=holdspace.vault.rows.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("seen", models.DateTimeField()),
                ("entry", models.BigIntegerField()),
                ("certificate", models.BigIntegerField()),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clock_said",
                        to="people.practice",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
