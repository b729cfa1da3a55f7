"""Make a portal login."""

import getpass
import secrets
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.models import Role
from apps.accounts.operations.create_user import create_user
from apps.brands.models import Brand, Location, LocationGroup
from apps.kernel.errors import Refusal


class Command(BaseCommand):
    help = "Make a portal login for a brand. A password is made and shown once, unless --ask lets you type one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", required=True, metavar="CODE")
        parser.add_argument("--username", required=True)
        parser.add_argument("--email", required=True)
        parser.add_argument("--role", required=True, action="append", help=f"one or more of {', '.join(Role.values)}")
        parser.add_argument("--location-group", metavar="CODE", help="sees only what happened there")
        parser.add_argument("--location", metavar="CODE", help="sees only what happened there")
        parser.add_argument("--ask", action="store_true", help="type the password instead of getting one")

    def handle(self, *args: Any, ask: bool, **options: Any) -> None:
        password = _typed() if ask else secrets.token_urlsafe(18)
        try:
            brand = Brand.objects.get(code=options["brand"])
            group, location = options["location_group"], options["location"]
            user = create_user(
                brand=brand,
                username=options["username"],
                email=options["email"],
                password=password,
                roles=options["role"],
                group=LocationGroup.objects.get(brand=brand, code=group) if group else None,
                location=Location.objects.get(brand=brand, code=location) if location else None,
                now=datetime.now(UTC),
            )
        except (Brand.DoesNotExist, LocationGroup.DoesNotExist, Location.DoesNotExist) as error:
            raise CommandError(f"Unknown: {error}") from error
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{user.username} can log in to {brand.name}.")
        if not ask:
            self.stdout.write(f"Password: {password}   (shown only now)")


def _typed() -> str:
    password = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != password:
        raise CommandError("These were not the same.")
    return password
