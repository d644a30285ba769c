from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing.services import BadCityPack, load_city


class Command(BaseCommand):
    help = "Load a city pack: levying bodies, taxes, dated rates, holidays. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("city", help="a folder below etax/cities")

    def handle(self, *args: object, **options: object) -> None:
        try:
            load_city(city=str(options["city"]))
        except BadCityPack as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(f"City pack {options['city']} loaded.")
