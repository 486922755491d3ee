"""People are found by the beginnings of their names and of the parts of their addresses."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0002_substitutes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="contact",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector(
                    models.Func(
                        django.db.models.functions.text.Lower("name"),
                        models.Value("áàäâãåéèëêíìïîóòöôõúùüûñçýÁÀÄÂÃÅÉÈËÊÍÌÏÎÓÒÖÔÕÚÙÜÛÑÇÝ@.-_+'’/"),
                        models.Value("aaaaaaeeeeiiiiooooouuuuncyaaaaaaeeeeiiiiooooouuuuncy        "),
                        function="translate",
                        output_field=models.TextField(),
                    ),
                    models.Func(
                        django.db.models.functions.text.Lower("email"),
                        models.Value("áàäâãåéèëêíìïîóòöôõúùüûñçýÁÀÄÂÃÅÉÈËÊÍÌÏÎÓÒÖÔÕÚÙÜÛÑÇÝ@.-_+'’/"),
                        models.Value("aaaaaaeeeeiiiiooooouuuuncyaaaaaaeeeeiiiiooooouuuuncy        "),
                        function="translate",
                        output_field=models.TextField(),
                    ),
                    config="simple",
                ),
                name="contact_words",
            ),
        ),
    ]
