"""Taxes as data: what the firm charges, and what a line or a tax of a document says of its tax."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

RATED_CATEGORIES = frozenset({"S", "Z", "L", "M"})


class TaxFacts(models.Model):
    """What is said of a tax besides its rate.

    `surcharge_percent` is charged on the same base besides (Spain's recargo de equivalencia). The rest is how a fiscal
    record classes it: Impuesto, ClaveRegimen, CalificacionOperacion or OperacionExenta; empty where there is none.
    """

    surcharge_percent = models.DecimalField(
        _("surcharge, percent"), max_digits=6, decimal_places=3, default=0
    )
    levy = models.CharField(max_length=2, blank=True, help_text="01 IVA, 02 IPSI, 03 IGIC, 05 other")
    regime = models.CharField(max_length=2, blank=True, help_text="ClaveRegimen")
    operation = models.CharField(max_length=2, blank=True, help_text="S1 S2 N1 N2, or E1 to E8")

    class Meta:
        abstract = True


class TaxRate(TaxFacts):
    """A tax the firm charges, as data: its category, its rate and the reason printed when it is zero.

    `name` is what the document prints beside the rate: "IVA", "VAT", "Reverse charge".
    """

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=60)
    category = models.CharField(
        max_length=2, default="S", help_text="UNCL 5305: S standard, Z zero, E exempt, AE reverse"
    )
    percent = models.DecimalField(_("percent"), max_digits=6, decimal_places=3)
    reason = models.CharField(_("reason printed on the invoice"), max_length=300, blank=True)
    is_default = models.BooleanField(default=False)
    source = models.CharField(max_length=200, blank=True, help_text="where the rate is written")
    since = models.DateField(_("in force since"), null=True, blank=True)

    class Meta:
        ordering = ["-is_default", "-percent", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_tax"
            )
        ]

    def __str__(self) -> str:
        name = gettext(self.name)
        if not self.has_rate:
            return name
        surcharge = f" + {self.surcharge_percent.normalize():f} %" if self.surcharge_percent else ""
        return f"{name} {self.percent.normalize():f} %{surcharge}"

    @property
    def has_rate(self) -> bool:
        """Whether it is charged at a rate, be it 0 %; exempt, reversed and not subject have none."""
        return self.category in RATED_CATEGORIES
