"""Persons with an account (entrants and staff), the codes that prove an address, and how often somebody tried."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class People(BaseUserManager["Person"]):
    """Finds persons by address."""


class Person(AbstractBaseUser):
    """Somebody who signs in with a code sent to an address; there are no passwords."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=10, default="en")
    is_active = models.BooleanField(default=True)
    since = models.BigIntegerField(default=0)

    USERNAME_FIELD = "email"
    objects = People()

    def __str__(self) -> str:
        return self.name or self.email


class AddressCode(models.Model):
    """A code sent to an address and bound to one browser session; gone when used."""

    purpose = models.CharField(max_length=80)
    nonce = models.CharField(max_length=64, unique=True)
    address_sealed = models.TextField()
    code_hash = models.CharField(max_length=64)
    sent_at = models.BigIntegerField()
    expires_at = models.BigIntegerField()
    tries = models.PositiveSmallIntegerField(default=0)


class Attempt(models.Model):
    """How often one key did one thing within one window of time; the key is a keyed hash, never an address."""

    key = models.CharField(max_length=64)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="attempt_once_per_window")]
