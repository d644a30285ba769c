"""Django's command line for this project. Settings default to the worker's: it may do what jobs may do."""

import os
import sys

from django.core.management import execute_from_command_line

# Commands that change the schema run as its owner; everything else as the worker.
OWNERS_WORK = {"migrate", "makemigrations", "prepare_database", "sqlmigrate", "showmigrations", "after_restore"}

if __name__ == "__main__":
    owner = len(sys.argv) > 1 and sys.argv[1] in OWNERS_WORK
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "etax.settings.owner" if owner else "etax.settings.worker")
    execute_from_command_line(sys.argv)
