"""A session remembers that it was heard after the transcript is gone, until the draft made from it is gone as well."""

from django.db import migrations, models
from django.utils import timezone


def tell(apps, schema_editor):
    """Sessions not signed yet of which something is there, or where the ledger says, or does not say, what was given."""
    Session = apps.get_model("room", "Session")
    given = (
        models.Q(given="") | models.Q(given="sound of the session") | models.Q(given__contains="transcript")
    )
    heard = {
        *apps.get_model("room", "HeardSession").objects.values_list("session_id", flat=True),
        *apps.get_model("assist", "AiUse").objects.filter(given).values_list("session_id", flat=True),
    }
    for pk in set(Session.objects.filter(is_closed=False).values_list("pk", flat=True)) & heard:
        Session.objects.filter(pk=pk).update(heard_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [
        ("room", "0004_session_keys_know_their_client"),
        ("assist", "0004_switches"),
    ]

    operations = [
        migrations.AddField("session", "heard_at", models.DateTimeField(null=True)),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
