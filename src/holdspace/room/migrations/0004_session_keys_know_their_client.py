"""The keys of sessions learn whose they are and since when, so that they can be wrapped and destroyed by it."""

from django.db import migrations


def tell(apps, schema_editor):
    """Each key's client, from its session."""
    SessionKey = apps.get_model("vault", "SessionKey")
    Session = apps.get_model("room", "Session")
    clients = dict(Session.objects.values_list("pk", "client_id"))
    for key in SessionKey.objects.select_related("generation").filter(client_id=0):
        key.client_id = clients.get(key.session_id, 0)
        key.made_at = key.generation.made_at
        key.save(update_fields=["client_id", "made_at"])


class Migration(migrations.Migration):
    dependencies = [
        ("room", "0003_in_the_room"),
        ("vault", "0002_keys_of_their_own"),
    ]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
