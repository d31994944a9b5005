#!/usr/bin/env python3
"""Django's command line for this project."""

import sys

from ppg import environment

if __name__ == "__main__":
    # The one command that has something to say about settings that nothing starts with.
    unfit = "FAULT    Settings: they are unfit, and nothing else is looked at before they are put right.\n"
    environment.start(heading=unfit if sys.argv[1:2] == ["doctor"] else "")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
