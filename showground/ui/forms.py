"""How forms are drawn: every field with its label, its hint and its error tied together for all readers."""

from __future__ import annotations

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Draws forms from ui/form.html and fields from ui/field.html; `{{ form }}` and `{{ form.title.as_field_group }}` use it."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
