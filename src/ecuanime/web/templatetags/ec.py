"""All our tags and filters in one library, so that settings name one builtin."""

from django import template

from ecuanime.web.templatetags import ec_drawings, ec_formats, ec_forms, ec_mail, ec_parts, ec_rows

register = template.Library()
for part in (ec_formats, ec_drawings, ec_parts, ec_forms, ec_mail, ec_rows):
    register.tags |= part.register.tags
    register.filters |= part.register.filters
