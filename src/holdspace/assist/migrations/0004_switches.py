"""Six switches instead of four, each with who set it; the ledger says what kinds of things a model was given.

Hearing becomes recording and transcription, "learn my voice" the voice profile. A practice begins with everything off
from now on, so those that are here already get what they had as settings of their own.
"""

from django.db import migrations, models

RENAMED = {"hearing": ("recording", "transcription"), "learn-my-voice": ("voice-profile",)}
HAD_ON = ("recording", "transcription", "drafting", "voice-profile")
HAD_OFF = ("language-model", "claims")


def keep_what_they_had(apps, schema_editor):
    switches, practices = apps.get_model("assist", "Switch"), apps.get_model("people", "Practice")
    for was, (becomes, *also) in RENAMED.items():
        for row in list(switches.objects.filter(name=was)):
            for name in also:
                copy = switches.objects.create(
                    practice_id=row.practice_id,
                    level=row.level,
                    about_id=row.about_id,
                    name=name,
                    is_on=row.is_on,
                )
                switches.objects.filter(pk=copy.pk).update(set_at=row.set_at)
        switches.objects.filter(name=was).update(name=becomes)
    for practice in practices.objects.all():
        for name in HAD_ON + HAD_OFF:
            switches.objects.get_or_create(
                level="practice",
                about_id=practice.pk,
                name=name,
                defaults={"practice_id": practice.pk, "is_on": name in HAD_ON},
            )


def as_it_was(apps, schema_editor):
    switches = apps.get_model("assist", "Switch")
    switches.objects.filter(name__in=("transcription", "claims")).delete()
    switches.objects.filter(name="recording").update(name="hearing")
    switches.objects.filter(name="voice-profile").update(name="learn-my-voice")


class Migration(migrations.Migration):
    dependencies = [("assist", "0003_in_the_room")]

    operations = [
        migrations.AddField("switch", "set_by", models.BigIntegerField(null=True)),
        migrations.AddField("aiuse", "given", models.CharField(blank=True, max_length=120)),
        migrations.RunPython(keep_what_they_had, as_it_was),
    ]
