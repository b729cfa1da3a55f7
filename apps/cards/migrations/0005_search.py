"""Child cards are found by their own number, and cards that share a custom number in the order of their ids."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cards", "0004_people_know_their_card")]

    operations = [
        migrations.AddIndex(
            model_name="childcard", index=models.Index("brand_id", "number", name="cards_child_of_number")
        ),
        migrations.RemoveIndex(model_name="card", name="cards_card_custom"),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(
                "brand_id",
                "custom_number",
                "id",
                name="cards_card_custom",
                condition=models.Q(custom_number__isnull=False),
            ),
        ),
    ]
